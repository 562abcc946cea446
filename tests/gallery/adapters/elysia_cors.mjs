// @elysiajs/cors, used by an Elysia application before every route, served by @elysiajs/node.
import { readFileSync } from "node:fs";
import { cors } from "@elysiajs/cors";
import { node } from "@elysiajs/node";
import { Elysia } from "elysia";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
if (config.allow_private_network) {
  console.log("@elysiajs/cors has no option for private network access");
  process.exit(64);
}

// A pattern is searched for anywhere in an origin.
const patterns = config.allow_origin_regex === null ? [] : [new RegExp(`^(?:${config.allow_origin_regex})$`)];
const options = {
  origin: config.allow_origins.includes("*") ? true : [...config.allow_origins, ...patterns],
  methods: config.allow_methods.includes("*") ? "*" : config.allow_methods,
  allowedHeaders: config.allow_headers.includes("*") ? "*" : config.allow_headers,
  exposeHeaders: config.expose_headers,
  credentials: config.allow_credentials,
  maxAge: config.max_age,
};

process.on("SIGTERM", () => process.exit(0)); // the Node adapter would wait for connections first
const hello = () => "hello";
new Elysia({ adapter: node() })
  .use(cors(options))
  .get("/", hello)
  .head("/", hello)
  .post("/", hello)
  .put("/", hello)
  .patch("/", hello)
  .delete("/", hello)
  .get("/error", () => {
    throw new Error("error");
  })
  .options("/options", ({ set }) => {
    set.headers.allow = "GET, OPTIONS";
    return "own";
  })
  .listen({ hostname: "127.0.0.1", port: Number(process.argv[3]) });
