// Reads GitHub's own description of its API, as cut_openapi.mjs has cut it: it says which requests
// exist, and has the schemas of their answers.
import { readFileSync } from "node:fs";

export const description = JSON.parse(readFileSync(new URL("openapi.json", import.meta.url)));

const split = (path) => path.split("/").filter((part) => part !== "");
const isName = (part) => part.startsWith("{");

const PATHS = Object.keys(description.paths).map((path) => ({ path, parts: split(path) }));

export const resolved = (node) =>
  node.$ref
    ? node.$ref
        .split("/")
        .slice(1)
        .reduce((found, name) => found[name], description)
    : node;

// The description has no path by a repository's id; its answers are the same.
export const rewritten = (path) => path.replace(/^\/repositories\/\d+/, "/repos/owner/repo");

// Returns the described path that fits; of several the one with the fewest names.
export function describedPath(path) {
  const parts = split(rewritten(path));
  const fitting = PATHS.filter(
    (one) =>
      one.parts.length === parts.length &&
      one.parts.every((part, index) => isName(part) || part === parts[index]),
  );
  const names = (one) => one.parts.filter(isName).length;
  fitting.sort((a, b) => names(a) - names(b));
  return fitting[0]?.path ?? null;
}

export function operationOf(method, path) {
  const found = describedPath(path);
  return found === null ? null : (description.paths[found][method.toLowerCase()] ?? null);
}

// GitHub's Link headers use these parameters, and its description does not have them.
const UNDESCRIBED = {
  "/repos/{owner}/{repo}/issues": ["after", "before"],
  "/repos/{owner}/{repo}/issues/comments": ["after", "before"],
};

function valueProblem(name, text, schema) {
  const { type, enum: values } = resolved(schema ?? {});
  if (values && !values.includes(text))
    return `'${name}' is none of ${values.join(", ")}: '${text}'`;
  if (type === "integer" && !/^-?\d+$/.test(text)) return `'${name}' is no integer: '${text}'`;
  if (type === "boolean" && !/^(true|false)$/.test(text))
    return `'${name}' is no boolean: '${text}'`;
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text);
  if (schema?.format === "date-time" && !isTime) return `'${name}' is no time: '${text}'`;
  if (name === "per_page" && Number(text) > 100) return `'per_page' is above 100: ${text}`;
  return null;
}

function headerProblem(headers) {
  if (!headers["user-agent"]) return "User-Agent is missing";
  const accept = headers.accept ?? "*/*";
  if (accept !== "*/*" && !/application\/(vnd\.github|json)/.test(accept))
    return `Accept is '${accept}'`;
  const version = headers["x-github-api-version"];
  if (version !== undefined && !/^\d{4}-\d\d-\d\d$/.test(version))
    return `unknown version '${version}'`;
  return null;
}

// Returns why GitHub's description does not allow a request; null when it does. Names of headers
// are in lower case.
export function checkRequest(method, pathWithQuery, headers = {}) {
  const { pathname, searchParams } = new URL(pathWithQuery, "http://localhost");
  const path = describedPath(pathname);
  const item = path === null ? null : description.paths[path];
  const operation = item?.[method.toLowerCase()];
  if (!operation) return `${method} ${pathname} is not described`;
  const known = new Map(
    [...(item.parameters ?? []), ...(operation.parameters ?? [])]
      .map(resolved)
      .filter((parameter) => parameter.in === "query")
      .map((parameter) => [parameter.name, parameter]),
  );
  for (const [name, text] of searchParams) {
    if (UNDESCRIBED[path]?.includes(name)) continue;
    if (!known.has(name)) return `'${name}' of ${method} ${path} is not described`;
    const problem = valueProblem(name, text, known.get(name).schema);
    if (problem) return problem;
  }
  return headerProblem(headers);
}
