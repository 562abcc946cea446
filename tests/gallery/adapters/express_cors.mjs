// cors on Express, applied with app.use before every route.
import { readFileSync } from "node:fs";
import cors from "cors";
import express from "express";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
if (config.allow_private_network) {
  console.log("cors has no option for private network access");
  process.exit(64);
}
console.error = () => {}; // Express writes each exception to stderr

// A pattern is searched for anywhere in an origin.
const patterns = config.allow_origin_regex === null ? [] : [new RegExp(`^(?:${config.allow_origin_regex})$`)];
const options = {
  origin: config.allow_origins.includes("*") ? "*" : [...config.allow_origins, ...patterns],
  credentials: config.allow_credentials,
  exposedHeaders: config.expose_headers,
  maxAge: config.max_age,
};
// Left out, `methods` lists the usual six, and `allowedHeaders` reflects what is asked for.
if (!config.allow_methods.includes("*")) options.methods = config.allow_methods;
if (!config.allow_headers.includes("*")) options.allowedHeaders = config.allow_headers;

const app = express();
app.set("env", "production");
app.use(cors(options));
const hello = (request, response) => response.type("text/plain").send("hello");
app.route("/").get(hello).post(hello).put(hello).patch(hello).delete(hello);
app.get("/error", () => {
  throw new Error("error");
});
app.options("/options", (request, response) => response.set("Allow", "GET, OPTIONS").send("own"));
app.listen(Number(process.argv[3]), "127.0.0.1");
