// The CORS of hapi, for all routes of a server.
import { readFileSync } from "node:fs";
import Hapi from "@hapi/hapi";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const lacks = (what) => {
  console.log(`hapi has no ${what}`);
  process.exit(64);
};
if (config.allow_origin_regex !== null) lacks("pattern for origins");
if (config.allow_private_network) lacks("option for private network access");
if (config.allow_headers.includes("*")) lacks("way to allow every request header");

const cors = {
  origin: config.allow_origins.includes("*") ? ["*"] : config.allow_origins,
  headers: config.allow_headers,
  exposedHeaders: config.expose_headers,
  credentials: config.allow_credentials,
  maxAge: config.max_age,
};
const server = Hapi.server({
  host: "127.0.0.1",
  port: Number(process.argv[3]),
  debug: false,
  routes: { cors },
});
// The methods that are allowed are those that have a route.
const all = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const methods = config.allow_methods.includes("*") ? all : config.allow_methods;
const hello = (request, h) => h.response("hello").type("text/plain");
server.route(methods.map((method) => ({ method, path: "/", handler: hello })));
server.route({
  method: "GET",
  path: "/error",
  handler: () => {
    throw new Error("error");
  },
});
const own = (request, h) => h.response("own").header("allow", "GET, OPTIONS");
server.route({ method: ["GET", "OPTIONS"], path: "/options", handler: own });
await server.start();
