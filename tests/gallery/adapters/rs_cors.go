// rs/cors before a handler of net/http, as its README shows.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/rs/cors"
)

type config struct {
	Origins        []string `json:"allow_origins"`
	Regex          *string  `json:"allow_origin_regex"`
	Methods        []string `json:"allow_methods"`
	Headers        []string `json:"allow_headers"`
	Exposed        []string `json:"expose_headers"`
	Credentials    bool     `json:"allow_credentials"`
	PrivateNetwork bool     `json:"allow_private_network"`
	MaxAge         int      `json:"max_age"`
}

// The list of cors.AllowAll: there is no value for all methods.
var everyMethod = []string{"HEAD", "GET", "POST", "PUT", "PATCH", "DELETE"}

func read(path string) (found config) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &found)
	}
	if err != nil {
		log.Fatal(err)
	}
	return found
}

func lacks(what string) {
	fmt.Println("rs/cors has no " + what)
	os.Exit(64)
}

func has(list []string, value string) bool {
	for _, each := range list {
		if each == value {
			return true
		}
	}
	return false
}

func answer(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			w.Header().Set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, text)
	}
}

func main() {
	intent := read(os.Args[1])
	if intent.Regex != nil {
		lacks("regular expressions for origins")
	}
	if intent.PrivateNetwork {
		lacks("option for private network access in this version")
	}
	if len(intent.Origins) == 0 {
		lacks("way to allow no origin: an empty list allows all")
	}
	options := cors.Options{
		AllowedOrigins:   intent.Origins,
		AllowedMethods:   intent.Methods,
		AllowedHeaders:   intent.Headers,
		ExposedHeaders:   intent.Exposed,
		AllowCredentials: intent.Credentials,
		MaxAge:           intent.MaxAge,
	}
	if has(intent.Methods, "*") {
		options.AllowedMethods = everyMethod
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", answer("hello"))
	mux.HandleFunc("/error", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "error", http.StatusInternalServerError)
	})
	mux.HandleFunc("/options", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", "GET, OPTIONS")
		fmt.Fprint(w, "own")
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[2], cors.New(options).Handler(mux)))
}
