// Cuts GitHub's OpenAPI description to the paths below with the schemas that they reach.
// usage: node cut_openapi.mjs api.github.com.json > openapi.json
// The whole description comes in the npm package @octokit/openapi (385 MB unpacked, so the build
// does not depend on it): `npm pack @octokit/openapi@23.0.2`, then take its
// generated/api.github.com.json out of the archive.
import { readFileSync } from "node:fs";

const VERSION = "23.0.2";

const repository = "/repos/{owner}/{repo}";
const PATHS = [
  "/rate_limit",
  "/user",
  "/user/repos",
  "/user/{account_id}",
  "/users/{username}",
  "/users/{username}/repos",
  "/users/{username}/gists",
  "/gists/{gist_id}",
  "/app",
  "/app/installations",
  "/app/installations/{installation_id}/access_tokens",
  "/app/hook/deliveries",
  "/app/hook/deliveries/{delivery_id}",
  "/app/hook/deliveries/{delivery_id}/attempts",
  repository,
  ...[
    "installation",
    "collaborators/{username}/permission",
    "labels",
    "labels/{name}",
    "milestones",
    "milestones/{milestone_number}",
    "issues",
    "issues/{issue_number}",
    "issues/comments",
    "issues/comments/{comment_id}",
    "issues/{issue_number}/comments",
    "issues/{issue_number}/labels",
    "issues/{issue_number}/labels/{name}",
    "issues/{issue_number}/assignees",
    "issues/{issue_number}/lock",
    "pulls",
    "pulls/{pull_number}",
    "pulls/{pull_number}/files",
    "hooks",
    "hooks/{hook_id}",
    "hooks/{hook_id}/pings",
    "hooks/{hook_id}/deliveries",
    "hooks/{hook_id}/deliveries/{delivery_id}",
    "hooks/{hook_id}/deliveries/{delivery_id}/attempts",
  ].map((rest) => `${repository}/${rest}`),
];

// Descriptions and samples are most of the bytes, and no rule stands in them.
const DROPPED = new Set(["description", "summary", "example", "examples", "externalDocs", "tags"]);

function lean(node, isMapOfNames) {
  if (Array.isArray(node)) return node.map((item) => lean(item, false));
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(
    ([name]) => isMapOfNames || !(DROPPED.has(name) || name.startsWith("x-")),
  );
  // Below "properties" and the like keys are names of the API: one may be called "description".
  const maps = new Set(["properties", "schemas", "responses", "parameters", "headers", "paths"]);
  return Object.fromEntries(
    kept.map(([name, value]) => [
      name,
      lean(value, !isMapOfNames && maps.has(name) && !Array.isArray(value)),
    ]),
  );
}

function references(node, found) {
  if (node === null || typeof node !== "object") return;
  if (typeof node.$ref === "string") found.add(node.$ref);
  for (const value of Object.values(node)) references(value, found);
}

const whole = JSON.parse(readFileSync(process.argv[2], "utf8"));
const cut = {
  openapi: whole.openapi,
  info: { title: whole.info.title, version: whole.info.version, license: whole.info.license },
  "x-cut-from": `@octokit/openapi ${VERSION}, generated/api.github.com.json, licence MIT`,
  paths: {},
  components: {},
};
for (const path of PATHS) {
  if (!whole.paths[path]) throw new Error(`unable to cut '${path}': the description lacks it`);
  cut.paths[path] = lean(whole.paths[path], false);
}
const pending = new Set();
references(cut.paths, pending);
// The set grows while it is walked, so each reference is followed once.
for (const reference of pending) {
  const [, , kind, name] = reference.split("/");
  cut.components[kind] ??= {};
  cut.components[kind][name] = lean(whole.components[kind][name], false);
  references(cut.components[kind][name], pending);
}
process.stdout.write(JSON.stringify(cut) + "\n");
