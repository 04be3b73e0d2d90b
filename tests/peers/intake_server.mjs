// The peer of scripts/bench intake: @octokit/webhooks behind node's own server, one INSERT for each
// delivery before its answer. usage: node intake_server.mjs SECRET HOST USER DATABASE; prints its port.
import { createServer } from "node:http";
import { createNodeMiddleware, Webhooks } from "@octokit/webhooks";
import pg from "pg";

const [secret, host, user, database] = process.argv.slice(2);
const pool = new pg.Pool({ host, user, database, max: 8 });
const webhooks = new Webhooks({ secret });
webhooks.onAny(({ id, name, payload }) =>
  pool.query({
    name: "insert_delivery",
    text: `insert into devy.delivery (guid, event, github_id, sender, headers, body, verdict)
           values ($1, $2, $3, '127.0.0.1', '{}', $4, 'accepted')`,
    values: [id, name, payload.repository?.id, Buffer.from(JSON.stringify(payload))],
  }),
);
const server = createServer(createNodeMiddleware(webhooks, { path: "/v1/webhooks" }));
server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 }, () => console.log(server.address().port));
