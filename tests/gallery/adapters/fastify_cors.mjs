// @fastify/cors, registered on the root instance before every route.
import { readFileSync } from "node:fs";
import cors from "@fastify/cors";
import Fastify from "fastify";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
if (config.allow_private_network) {
  console.log("@fastify/cors has no option for private network access");
  process.exit(64);
}

// The documentation tells to anchor a pattern at both ends.
const patterns = config.allow_origin_regex === null ? [] : [new RegExp(`^(?:${config.allow_origin_regex})$`)];
const options = {
  origin: config.allow_origins.includes("*") ? "*" : [...config.allow_origins, ...patterns],
  // There is no value for all methods, and the default holds three only.
  methods: config.allow_methods.includes("*")
    ? ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    : config.allow_methods,
  credentials: config.allow_credentials,
  exposedHeaders: config.expose_headers,
  maxAge: config.max_age,
};
// Left out, `allowedHeaders` reflects what is asked for.
if (!config.allow_headers.includes("*")) options.allowedHeaders = config.allow_headers;

const app = Fastify();
await app.register(cors, options);
app.route({
  method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  url: "/",
  handler: (request, reply) => reply.type("text/plain").send("hello"),
});
app.get("/error", () => {
  throw new Error("error");
});
app.options("/options", (request, reply) => reply.header("Allow", "GET, OPTIONS").send("own"));
await app.listen({ host: "127.0.0.1", port: Number(process.argv[3]) });
