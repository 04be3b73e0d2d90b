// @tus/server beside ours: the same requests, one after the other.
// usage: node tus_beside.mjs ENDPOINT TOKEN; prints a line "NAME OURS THEIRS" for each, the statuses
// and, behind a "/", the offset that was answered.
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const [endpoint, token] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), "tus-"));
const peer = new Server({ path: "/files", datastore: new FileStore({ directory: folder }), maxSize: 2 ** 30 });
const listening = createServer((req, res) => peer.handle(req, res));
await new Promise((resolve) => listening.listen(0, "127.0.0.1", resolve));
const theirs = `http://127.0.0.1:${listening.address().port}/files`;

function ask(url, method, headers, body = "") {
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Length": Buffer.byteLength(body), ...headers },
      agent: false,
    });
    asked.on("error", reject);
    asked.on("response", (response) => {
      response.resume();
      response.on("end", () => resolve(response));
      response.on("error", () => resolve(response));
    });
    asked.end(body);
  });
}

const tus = { "Tus-Resumable": "1.0.0" };
const octets = { ...tus, "Content-Type": "application/offset+octet-stream" };
const sha1 = (text) => `sha1 ${createHash("sha1").update(text).digest("base64")}`;
// [name, method, headers, body]; a step without a URL of its own goes to the last created upload.
const steps = [
  ["options", "OPTIONS", {}, "", "files"],
  ["create", "POST", { ...tus, "Upload-Length": "9" }, "", "files"],
  ["head", "HEAD", tus],
  ["first_part", "PATCH", { ...octets, "Upload-Offset": "0" }, "abc"],
  ["head_between", "HEAD", tus],
  ["wrong_offset", "PATCH", { ...octets, "Upload-Offset": "0" }, "abc"],
  ["wrong_type", "PATCH", { ...tus, "Content-Type": "text/plain", "Upload-Offset": "3" }, "def"],
  ["no_offset", "PATCH", octets, "def"],
  ["no_version", "PATCH", { ...octets, "Tus-Resumable": "0.1", "Upload-Offset": "3" }, "def"],
  ["too_much", "PATCH", { ...octets, "Upload-Offset": "3" }, "defghijkl"],
  ["head_after_too_much", "HEAD", tus],
  ["last_part", "PATCH", { ...octets, "Upload-Offset": "3" }, "defghi"],
  ["head_of_complete", "HEAD", tus],
  ["last_part_again", "PATCH", { ...octets, "Upload-Offset": "3" }, "defghi"],
  ["delete_complete", "DELETE", tus],
  ["head_of_deleted", "HEAD", tus],
  ["create_with_data", "POST", { ...octets, "Upload-Length": "6" }, "abc", "files"],
  ["go_on", "PATCH", { ...octets, "Upload-Offset": "3" }, "def"],
  ["create_whole", "POST", { ...octets, "Upload-Length": "3" }, "abc", "files"],
  ["create_empty", "POST", { ...tus, "Upload-Length": "0" }, "", "files"],
  ["create_deferred", "POST", { ...tus, "Upload-Defer-Length": "1" }, "", "files"],
  ["head_of_deferred", "HEAD", tus],
  ["deferred_part", "PATCH", { ...octets, "Upload-Offset": "0" }, "abc"],
  ["deferred_length", "PATCH", { ...octets, "Upload-Offset": "3", "Upload-Length": "6" }, "def"],
  ["create_both_lengths", "POST", { ...tus, "Upload-Length": "1", "Upload-Defer-Length": "1" }, "", "files"],
  ["create_no_length", "POST", tus, "", "files"],
  ["create_bad_length", "POST", { ...tus, "Upload-Length": "-1" }, "", "files"],
  ["create_too_large", "POST", { ...tus, "Upload-Length": "2000000000" }, "", "files"],
  ["create_bad_metadata", "POST", { ...tus, "Upload-Length": "1", "Upload-Metadata": "a ?" }, "", "files"],
  ["create_no_version", "POST", { "Upload-Length": "1" }, "", "files"],
  ["create_final", "POST", { ...tus, "Upload-Concat": "final;/files/a" }, "", "files"],
  ["create_again", "POST", { ...tus, "Upload-Length": "9" }, "", "files"],
  ["right_checksum", "PATCH", { ...octets, "Upload-Offset": "0", "Upload-Checksum": sha1("abc") }, "abc"],
  ["wrong_checksum", "PATCH", { ...octets, "Upload-Offset": "3", "Upload-Checksum": sha1("x") }, "def"],
  ["delete_open", "DELETE", tus],
  ["create_another", "POST", { ...tus, "Upload-Length": "9" }, "", "files"],
  ["overridden", "POST", { ...octets, "X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0" }, "abc"],
  ["unknown", "HEAD", tus, "", "files/a-00000000-0000-4000-8000-000000000000.AAAAAAAAAAAAAAAAAAAAAA"],
];
const urls = { ours: endpoint, theirs };
const last = {};
for (const [name, method, headers, body, path] of steps) {
  const line = [name];
  for (const who of ["ours", "theirs"]) {
    const url = path ? urls[who].replace(/files$/, path) : last[who];
    const answer = await ask(url, method, headers, body);
    if (answer.headers.location) last[who] = new URL(answer.headers.location, urls[who]).href;
    const offset = answer.headers["upload-offset"];
    line.push(answer.statusCode + (offset === undefined ? "" : `/${offset}`));
  }
  console.log(line.join(" "));
}
await rm(folder, { recursive: true });
process.exit(0);
