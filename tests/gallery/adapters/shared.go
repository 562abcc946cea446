// What the adapters in Go share: how they read the configuration, and the application.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
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

// For libraries without a value for all methods.
var everyMethod = []string{"HEAD", "GET", "POST", "PUT", "PATCH", "DELETE"}

// The configuration; no library here has patterns, or takes an empty list of origins for none.
func read(name string) (found config) {
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = json.Unmarshal(text, &found)
	}
	if err != nil {
		log.Fatal(err)
	}
	if found.Regex != nil {
		lacks(name, "regular expressions for origins")
	}
	if found.PrivateNetwork {
		lacks(name, "option for private network access in this version")
	}
	if len(found.Origins) == 0 {
		lacks(name, "way to allow no origin")
	}
	if has(found.Methods, "*") {
		found.Methods = everyMethod
	}
	return found
}

func lacks(name, what string) {
	fmt.Println(name + " has no " + what)
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

// The application, which knows nothing of CORS.
func application() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", answer("hello"))
	mux.HandleFunc("/error", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "error", http.StatusInternalServerError)
	})
	mux.HandleFunc("/options", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", "GET, OPTIONS")
		fmt.Fprint(w, "own")
	})
	return mux
}

func serve(handler http.Handler) {
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[2], handler))
}
