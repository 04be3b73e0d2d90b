// Answers carry validators. As at GitHub, an ETag differs by token, and Last-Modified comes only
// where a document has a time.
import { createHash } from "node:crypto";

import { httpDate } from "./clock.mjs";

export function entityTag(caller, body) {
  const token = caller.token?.token ?? "";
  return `W/"${createHash("sha1").update(token).update("\n").update(body).digest("hex")}"`;
}

const bare = (tag) => tag.trim().replace(/^W\//, "");

// A tag that was sent wins over a time that was sent.
export function isUnchanged(headers, tag, changed_at) {
  if (headers["if-none-match"] !== undefined) {
    const tags = headers["if-none-match"].split(",").map(bare);
    return tags.includes(bare(tag)) || tags.includes("*");
  }
  const since = Date.parse(headers["if-modified-since"] ?? "");
  return !Number.isNaN(since) && changed_at !== null && changed_at * 1000 <= since;
}

export function validators(tag, changed_at) {
  return changed_at === null ? { ETag: tag } : { ETag: tag, "Last-Modified": httpDate(changed_at) };
}
