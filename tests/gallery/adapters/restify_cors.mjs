// restify-cors-middleware2 on restify, with both handlers where its README puts them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

process.removeAllListeners("warning");
const require = createRequire(import.meta.url);
const restify = require("restify");
const corsMiddleware = require("restify-cors-middleware2");

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const lacks = (what) => {
  console.log(`restify-cors-middleware2 has no ${what}`);
  process.exit(64);
};
if (config.allow_private_network) lacks("option for private network access");
if (config.allow_headers.includes("*")) lacks("way to allow every request header");

// The README writes a pattern with both anchors.
const patterns = config.allow_origin_regex === null ? [] : [new RegExp(`^(?:${config.allow_origin_regex})$`)];
let cors;
try {
  cors = corsMiddleware({
    origins: [...config.allow_origins, ...patterns],
    allowHeaders: config.allow_headers,
    exposeHeaders: config.expose_headers,
    credentials: config.allow_credentials,
    preflightMaxAge: config.max_age,
  });
} catch (error) {
  lacks(`configuration like this: ${error.message}`);
}

const server = restify.createServer();
server.pre(cors.preflight);
server.use(cors.actual);
const hello = (request, response, next) => {
  response.contentType = "text/plain";
  response.send("hello");
  next();
};
for (const method of ["get", "head", "post", "put", "patch", "del"]) server[method]("/", hello);
server.get("/error", (request, response, next) => next(new Error("error")));
const own = (request, response, next) => {
  response.header("Allow", "GET, OPTIONS");
  response.contentType = "text/plain";
  response.send("own");
  next();
};
for (const method of ["get", "opts"]) server[method]("/options", own);
server.listen(Number(process.argv[3]), "127.0.0.1");
