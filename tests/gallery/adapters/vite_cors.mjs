// The development server of Vite with server.cors, which is passed to cors of npm.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createServer } from "vite";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
if (config.allow_private_network) {
  console.log("Vite has no option for private network access");
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

const root = join(dirname(process.argv[2]), "site"); // goes with the configuration
mkdirSync(root);
writeFileSync(join(root, "index.html"), "<!doctype html><title>hello</title>");
const application = {
  name: "application",
  configureServer(server) {
    server.middlewares.use("/error", (request, response, next) => next(new Error("error")));
  },
};
const server = await createServer({
  root,
  configFile: false,
  logLevel: "silent",
  plugins: [application],
  optimizeDeps: { noDiscovery: true },
  server: { host: "127.0.0.1", port: Number(process.argv[3]), strictPort: true, hmr: false, watch: null, cors },
});
await server.listen();
