// handlers.CORS of gorilla/handlers before a handler of net/http.
package main

import "github.com/gorilla/handlers"

func main() {
	intent := read("gorilla/handlers")
	if has(intent.Headers, "*") {
		lacks("gorilla/handlers", "way to allow every request header")
	}
	options := []handlers.CORSOption{
		handlers.AllowedOrigins(intent.Origins),
		handlers.AllowedMethods(intent.Methods),
		handlers.AllowedHeaders(intent.Headers),
		handlers.ExposedHeaders(intent.Exposed),
		handlers.MaxAge(intent.MaxAge),
	}
	if intent.Credentials {
		options = append(options, handlers.AllowCredentials())
	}
	serve(handlers.CORS(options...)(application()))
}
