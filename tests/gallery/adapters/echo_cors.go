// The CORS middleware of echo, used before every route.
package main

import (
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

func main() {
	intent := read("echo")
	server := echo.New()
	server.Use(middleware.CORSWithConfig(middleware.CORSConfig{
		AllowOrigins:     intent.Origins,
		AllowMethods:     intent.Methods,
		AllowHeaders:     intent.Headers,
		ExposeHeaders:    intent.Exposed,
		AllowCredentials: intent.Credentials,
		MaxAge:           intent.MaxAge,
	}))
	server.Any("/*", echo.WrapHandler(application()))
	serve(server)
}
