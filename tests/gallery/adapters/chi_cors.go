// go-chi/cors before a handler of net/http.
package main

import "github.com/go-chi/cors"

func main() {
	intent := read("go-chi/cors")
	serve(cors.Handler(cors.Options{
		AllowedOrigins:   intent.Origins,
		AllowedMethods:   intent.Methods,
		AllowedHeaders:   intent.Headers,
		ExposedHeaders:   intent.Exposed,
		AllowCredentials: intent.Credentials,
		MaxAge:           intent.MaxAge,
	})(application()))
}
