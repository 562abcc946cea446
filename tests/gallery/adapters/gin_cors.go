// gin-contrib/cors, used by a gin engine before every route.
package main

import (
	"time"

	"github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"
)

func main() {
	intent := read("gin-contrib/cors")
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.Use(cors.New(cors.Config{
		AllowOrigins:     intent.Origins,
		AllowMethods:     intent.Methods,
		AllowHeaders:     intent.Headers,
		ExposeHeaders:    intent.Exposed,
		AllowCredentials: intent.Credentials,
		MaxAge:           time.Duration(intent.MaxAge) * time.Second,
	}))
	engine.Any("/*path", gin.WrapH(application()))
	serve(engine)
}
