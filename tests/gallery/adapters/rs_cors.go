// rs/cors before a handler of net/http, as its README shows.
package main

import "github.com/rs/cors"

func main() {
	intent := read("rs/cors")
	serve(cors.New(cors.Options{
		AllowedOrigins:   intent.Origins,
		AllowedMethods:   intent.Methods,
		AllowedHeaders:   intent.Headers,
		ExposedHeaders:   intent.Exposed,
		AllowCredentials: intent.Credentials,
		MaxAge:           intent.MaxAge,
	}).Handler(application()))
}
