// The peer of scripts/bench mirror for webhooks: @octokit/webhooks behind node's own server, and an
// upsert of the issue before its answer. usage: node mirror_events.mjs SECRET HOST USER DATABASE;
// prints its port.
import { createServer } from "node:http";
import { createNodeMiddleware, Webhooks } from "@octokit/webhooks";
import pg from "pg";

const [secret, host, user, database] = process.argv.slice(2);
const pool = new pg.Pool({ host, user, database, max: 8 });
await pool.query(`
  create schema if not exists peer;
  drop table if exists peer.event_issue;
  create table peer.event_issue (id bigint primary key, repository_id bigint, number integer,
    title text, body text, state text, state_reason text, locked boolean, user_id bigint,
    user_login text, milestone_id bigint, comments_count integer, labels text[],
    created_at timestamptz, updated_at timestamptz, closed_at timestamptz);
  create index on peer.event_issue (repository_id, number);
  create index on peer.event_issue (repository_id, state, updated_at);`);
const webhooks = new Webhooks({ secret });
webhooks.on("issues", ({ payload: { issue, repository } }) =>
  pool.query({
    name: "upsert_issue",
    text: `insert into peer.event_issue as t
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
           on conflict (id) do update
             set title = excluded.title, body = excluded.body, state = excluded.state,
                 state_reason = excluded.state_reason, locked = excluded.locked,
                 milestone_id = excluded.milestone_id, comments_count = excluded.comments_count,
                 labels = excluded.labels, updated_at = excluded.updated_at,
                 closed_at = excluded.closed_at
           where t.updated_at <= excluded.updated_at`,
    values: [
      issue.id,
      repository.id,
      issue.number,
      issue.title,
      issue.body,
      issue.state,
      issue.state_reason,
      issue.locked,
      issue.user?.id,
      issue.user?.login,
      issue.milestone?.id,
      issue.comments,
      issue.labels.map((label) => label.name),
      issue.created_at,
      issue.updated_at,
      issue.closed_at,
    ],
  }),
);
const server = createServer(createNodeMiddleware(webhooks, { path: "/v1/webhooks" }));
server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 }, () =>
  console.log(server.address().port),
);
