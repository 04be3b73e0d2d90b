// Every payload of @octokit/webhooks-examples, signed by @octokit/webhooks-methods: a line each of
// event name, signature, and the body in base64. usage: node webhook_examples.mjs SECRET
import { createRequire } from "node:module";
import { sign } from "@octokit/webhooks-methods";

const secret = process.argv[2];
for (const { name, examples } of createRequire(import.meta.url)("@octokit/webhooks-examples")) {
  for (const example of examples) {
    const body = JSON.stringify(example);
    const signature = await sign(secret, body);
    console.log(`${name} ${signature} ${Buffer.from(body).toString("base64")}`);
  }
}
