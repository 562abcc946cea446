// hono/cors, applied to every path, served by @hono/node-server.
import { readFileSync } from "node:fs";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { cors } from "hono/cors";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const lacks = (what) => {
  console.log(`hono/cors has no ${what}`);
  process.exit(64);
};
if (config.allow_origin_regex !== null) lacks("pattern for origins");
if (config.allow_private_network) lacks("option for private network access");
console.error = () => {}; // Hono writes each exception to stderr

const options = {
  origin: config.allow_origins.includes("*") ? "*" : config.allow_origins,
  // Empty, the list reflects what is asked for.
  allowHeaders: config.allow_headers.includes("*") ? [] : config.allow_headers,
  credentials: config.allow_credentials,
  exposeHeaders: config.expose_headers,
  maxAge: config.max_age,
};
// Left out, `allowMethods` lists the usual methods.
if (!config.allow_methods.includes("*")) options.allowMethods = config.allow_methods;

const app = new Hono();
app.use("*", cors(options));
app.on(["GET", "POST", "PUT", "PATCH", "DELETE"], "/", (c) => c.text("hello"));
app.get("/error", () => {
  throw new Error("error");
});
app.options("/options", (c) => c.text("own", 200, { Allow: "GET, OPTIONS" }));
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.argv[3]) });
