// The CORS of graphql-yoga, on node:http.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createSchema, createYoga } from "graphql-yoga";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const lacks = (what) => {
  console.log(`graphql-yoga has no ${what}`);
  process.exit(64);
};
if (config.allow_origin_regex !== null) lacks("pattern for origins");
if (config.allow_private_network) lacks("option for private network access");

const cors = {
  origin: config.allow_origins.includes("*") ? "*" : config.allow_origins,
  credentials: config.allow_credentials,
  exposedHeaders: config.expose_headers,
  maxAge: config.max_age,
};
// Left out, both lists reflect what is asked for.
if (!config.allow_methods.includes("*")) cors.methods = config.allow_methods;
if (!config.allow_headers.includes("*")) cors.allowedHeaders = config.allow_headers;

const schema = createSchema({
  typeDefs: "type Query { hello: String }",
  resolvers: { Query: { hello: () => "hello" } },
});
const yoga = createYoga({ schema, cors, logging: false });
createServer(yoga).listen(Number(process.argv[3]), "127.0.0.1");
