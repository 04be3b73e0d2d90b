// Makes the documents of gists: without contents in lists, with them alone.
import { timeText } from "../clock.mjs";
import { shortUser } from "./user.mjs";

const FILES_MAX = 300; // more are not in a document
const CONTENT_BYTES_MAX = 1024 * 1024; // a longer content is cut

export function rawUrl(world, gist, name, file) {
  const login = world.users.get(gist.owner_id).login;
  return `${world.url}/gist_raw/${login}/${gist.id}/raw/${file.blob}/${encodeURIComponent(name)}`;
}

function listedFile(world, gist, name, file) {
  return {
    filename: name,
    type: file.type,
    language: file.language,
    raw_url: rawUrl(world, gist, name, file),
    size: file.bytes.length,
  };
}

function wholeFile(world, gist, name, file) {
  const shown = file.bytes.subarray(0, CONTENT_BYTES_MAX);
  return {
    ...listedFile(world, gist, name, file),
    truncated: file.bytes.length > CONTENT_BYTES_MAX,
    content: file.encoding === "base64" ? shown.toString("base64") : shown.toString(),
    encoding: file.encoding,
  };
}

function document(world, gist, ofFile) {
  const url = `${world.url}/gists/${gist.id}`;
  const shown = [...gist.files].slice(0, FILES_MAX);
  return {
    url,
    forks_url: `${url}/forks`,
    commits_url: `${url}/commits`,
    id: gist.id,
    node_id: `G_${Buffer.from(gist.id).toString("base64url")}`,
    git_pull_url: gist.git_pull_url ?? `https://gist.github.com/${gist.id}.git`,
    git_push_url: `https://gist.github.com/${gist.id}.git`,
    html_url: `https://gist.github.com/${gist.id}`,
    files: Object.fromEntries(
      shown.map(([name, file]) => [name, ofFile(world, gist, name, file)]),
    ),
    public: gist.public,
    created_at: timeText(gist.created_at),
    updated_at: timeText(gist.updated_at),
    description: gist.description,
    comments: 0,
    comments_enabled: true,
    user: null,
    comments_url: `${url}/comments`,
    owner: shortUser(world, gist.owner_id),
    truncated: gist.files.size > FILES_MAX,
  };
}

export const listedGist = (world, gist) => document(world, gist, listedFile);

export const wholeGist = (world, gist) => ({
  ...document(world, gist, wholeFile),
  forks: [],
  history: [],
});
