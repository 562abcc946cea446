// h3 (version 2): handleCors in a global middleware.
import { readFileSync } from "node:fs";
import { H3, handleCors, serve } from "h3";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
if (config.allow_private_network) {
  console.log("h3 has no option for private network access");
  process.exit(64);
}
console.warn = console.error = () => {}; // h3 writes warnings and exceptions to stderr

// The documentation tells to anchor a pattern at both ends.
const patterns = config.allow_origin_regex === null ? [] : [new RegExp(`^(?:${config.allow_origin_regex})$`)];
const options = {
  origin: config.allow_origins.includes("*") ? "*" : [...config.allow_origins, ...patterns],
  methods: config.allow_methods.includes("*") ? "*" : config.allow_methods,
  allowHeaders: config.allow_headers.includes("*") ? "*" : config.allow_headers,
  exposeHeaders: config.expose_headers,
  credentials: config.allow_credentials,
  maxAge: String(config.max_age),
  preflight: { statusCode: 204 },
};

const app = new H3();
app.use((event) => {
  const response = handleCors(event, options);
  if (response !== false) return response;
});
const hello = (event) => {
  event.res.headers.set("content-type", "text/plain");
  return "hello";
};
for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]) app.on(method, "/", hello);
app.get("/error", () => {
  throw new Error("error");
});
app.on("OPTIONS", "/options", (event) => {
  event.res.headers.set("allow", "GET, OPTIONS");
  return "own";
});
serve(app, { hostname: "127.0.0.1", port: Number(process.argv[3]), silent: true, gracefulShutdown: false });
