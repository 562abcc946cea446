// socket.io with its option cors, which is passed to cors of npm; a GET opens a session by long polling.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Server } from "socket.io";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
if (config.allow_private_network) {
  console.log("socket.io has no option for private network access");
  process.exit(64);
}

// A pattern is searched for anywhere in an origin.
const patterns = config.allow_origin_regex === null ? [] : [new RegExp(`^(?:${config.allow_origin_regex})$`)];
const cors = {
  origin: config.allow_origins.includes("*") ? "*" : [...config.allow_origins, ...patterns],
  credentials: config.allow_credentials,
  exposedHeaders: config.expose_headers,
  maxAge: config.max_age,
};
// Left out, `methods` lists the usual six, and `allowedHeaders` reflects what is asked for.
if (!config.allow_methods.includes("*")) cors.methods = config.allow_methods;
if (!config.allow_headers.includes("*")) cors.allowedHeaders = config.allow_headers;

const http = createServer();
new Server(http, { cors, transports: ["polling"] });
http.listen(Number(process.argv[3]), "127.0.0.1");
