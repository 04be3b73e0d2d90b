// These acts change gists. Contents are bytes: given as text, in base64, or as so many equal bytes.
import { createHash } from "node:crypto";

import { secondsOf } from "../clock.mjs";

const GIST_ID_DIGITS = 32;

function bytesOf(file) {
  if (file.base64 !== undefined) return Buffer.from(file.base64, "base64");
  if (file.bytes !== undefined) return Buffer.alloc(file.bytes, file.fill ?? "x");
  return Buffer.from(file.content ?? "");
}

export const blobOf = (bytes) =>
  createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");

function gistOf(world, id) {
  const gist = world.gists.get(id);
  if (!gist) throw new Error(`unable to find gist '${id}'`);
  return gist;
}

// `files` maps names to {content | base64 | bytes, shown_blob}; null takes a file away. `shown_blob` is
// an id that is not that of the bytes.
function setFiles(gist, files) {
  for (const [name, file] of Object.entries(files)) {
    if (file === null) {
      gist.files.delete(name);
      continue;
    }
    const bytes = bytesOf(file);
    gist.files.set(name, {
      bytes,
      blob: file.shown_blob ?? blobOf(bytes),
      type: file.type ?? "text/plain",
      language: file.language ?? "Text",
      encoding: file.encoding ?? "utf-8",
    });
  }
}

export function create_gist(world, args) {
  const owner = world.user(args.owner);
  const number = world.id("gist");
  const now = args.updated_at ? secondsOf(args.updated_at) : world.now();
  const gist = {
    id: args.id ?? number.toString(16).padStart(GIST_ID_DIGITS, "0"),
    number,
    owner_id: owner.id,
    description: args.description ?? null,
    public: args.public ?? true,
    created_at: args.created_at ? secondsOf(args.created_at) : now,
    updated_at: now,
    files: new Map(),
    git_pull_url: args.git_pull_url ?? null,
    status: null, // of each answer about it: 404, 451, …
  };
  setFiles(gist, args.files ?? {});
  if (args.file_count)
    for (let place = 0; place < args.file_count; ++place)
      setFiles(gist, {
        [`file-${String(place).padStart(4, "0")}.txt`]: { content: `${place}\n` },
      });
  world.gists.set(gist.id, gist);
  return { id: gist.id };
}

export function create_gists(world, args) {
  const ids = [];
  for (let place = 0; place < args.count; ++place)
    ids.push(
      create_gist(world, {
        owner: args.owner,
        updated_at: args.updated_at,
        files: { [`${args.prefix ?? "gist"}-${place}.txt`]: { content: `${place}\n` } },
      }).id,
    );
  return { ids };
}

export function edit_gist(world, args) {
  const gist = gistOf(world, args.gist);
  for (const name of ["description", "public", "status", "git_pull_url"])
    if (name in args) gist[name] = args[name];
  if (args.files) setFiles(gist, args.files);
  gist.updated_at = args.updated_at ? secondsOf(args.updated_at) : world.now();
  return { id: gist.id };
}

// A comment moves the time, and nothing else.
export function comment_gist(world, args) {
  gistOf(world, args.gist).updated_at = world.now();
  return {};
}

export function delete_gist(world, args) {
  return { deleted: world.gists.delete(args.gist) };
}

// Does these acts when that page of a list of gists is asked for, before it is answered.
export function gist_page_acts(world, args) {
  world.gist_page_acts.push({ page: args.page, acts: args.acts });
  return {};
}
