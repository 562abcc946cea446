// @koa/cors on Koa with @koa/router, applied with app.use before every route.
import { readFileSync } from "node:fs";
import cors from "@koa/cors";
import Router from "@koa/router";
import Koa from "koa";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
if (config.allow_origin_regex !== null) {
  console.log("@koa/cors has no pattern for origins");
  process.exit(64);
}

const origins = config.allow_origins;
const options = {
  credentials: config.allow_credentials,
  exposeHeaders: config.expose_headers,
  maxAge: config.max_age,
  privateNetworkAccess: config.allow_private_network,
};
// `origin` is one origin, or a function where there are more; left out, it is any.
if (!origins.includes("*")) {
  const listed = (ctx) => (origins.includes(ctx.get("Origin")) ? ctx.get("Origin") : "");
  options.origin = origins.length === 1 ? origins[0] : listed;
}
// Left out, `allowMethods` lists the usual six, and `allowHeaders` reflects what is asked for.
if (!config.allow_methods.includes("*")) options.allowMethods = config.allow_methods;
if (!config.allow_headers.includes("*")) options.allowHeaders = config.allow_headers;

const app = new Koa();
app.silent = true;
app.use(cors(options));
const router = new Router();
const hello = (ctx) => {
  ctx.body = "hello";
};
router.get("/", hello).post("/", hello).put("/", hello).patch("/", hello).delete("/", hello);
router.get("/error", () => {
  throw new Error("error");
});
router.options("/options", (ctx) => {
  ctx.set("Allow", "GET, OPTIONS");
  ctx.body = "own";
});
app.use(router.routes()).use(router.allowedMethods());
app.listen(Number(process.argv[3]), "127.0.0.1");
