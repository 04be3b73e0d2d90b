// Judges answers by GitHub's OpenAPI description, and payloads by octokit's webhook schemas. A
// member that no schema knows is a fault as well.
import { createRequire } from "node:module";

import Ajv from "ajv";
import Ajv2019 from "ajv/dist/2019.js";
import addFormats from "ajv-formats";

import { describedPath, description, resolved } from "./openapi.mjs";

const require = createRequire(import.meta.url);

// These deviations are known. Each has a name and says which answer or payload it is in, at which
// place, for which keyword of the schema, and why it stays.
const DEVIATIONS = [
  {
    name: "401 anywhere",
    where: /401$/,
    keyword: "status",
    reason: "any request is answered so when its credential is bad",
  },
  {
    name: "403 of a permission",
    where: /permission 403$/,
    keyword: "status",
    reason: "who may not push is told so, and the description says 404 alone",
  },
  {
    name: "410 of a list",
    where: /\/issues 410$/,
    keyword: "status",
    reason: "GitHub answers it when issues are switched off",
  },
  {
    name: "status beside errors",
    where: / 422$/,
    path: /^\/status$/,
    reason: "GitHub sends it with every refusal; the schema of validation errors lacks it",
  },
  {
    name: "head.repo null",
    where: /\/pulls/,
    path: /\/head\/repo$/,
    reason: "the fork has gone; the description says that it is always there",
  },
  {
    name: "label.description null",
    where: /\/pulls/,
    path: /\/labels\/\*\/description$/,
    reason: "GitHub's own schema of labels lets it be null; the one within listed pulls does not",
  },
  {
    name: "last_response of a later ping",
    where: /^ping/,
    path: /last_response/,
    reason: "the schema knows the first ping alone",
  },
  {
    name: "account of listed installations",
    where: /\/app\/installations 200$/,
    path: /\/account$/,
    reason: "the description wants it to be a user and an enterprise at once",
  },
  {
    name: "milestone after it was taken away",
    where: /^pull_request.demilestoned$/,
    path: /^\/pull_request\/milestone$/,
    reason: "the schema wants the one that it has no more; that of issues wants null",
  },
  {
    name: "opened while closed",
    where: /^issues.opened/,
    path: /^\/issue\/(state|closed_at)$/,
    reason: "a closed issue that is transferred is opened there as it was",
  },
];

// GitHub added these members after the last version of octokit's schemas (2024).
const NEWER = [
  "user_view_type",
  "sub_issues_summary",
  "issue_dependencies_summary",
  "type of an issue",
];

// Returns a copy without the newer members, and adds those that it found to `used`.
function older(node, used) {
  if (Array.isArray(node)) return node.map((one) => older(one, used));
  if (node === null || typeof node !== "object") return node;
  const isIssue = node.repository_url !== undefined;
  return Object.fromEntries(
    Object.entries(node).flatMap(([name, value]) => {
      const newer = name === "type" && isIssue ? "type of an issue" : name;
      if (!NEWER.includes(newer)) return [[name, older(value, used)]];
      used.add(newer);
      return [];
    }),
  );
}

// The validators know their schemas under these names.
const DESCRIPTION = "http://description/schema";
const WEBHOOKS = "http://webhooks/schema";

// OpenAPI 3.0 says "nullable"; JSON schema has the type null. Members beyond those described are
// refused where a schema lists members and says nothing of others; parts of an allOf cannot say it
// alone.
function strict(node, isPart = false) {
  if (Array.isArray(node)) return node.map((one) => strict(one));
  if (node === null || typeof node !== "object") return node;
  const { nullable, ...rest } = node;
  if (rest.$ref) return { $ref: `${DESCRIPTION}${rest.$ref}` };
  const made = {};
  for (const [name, value] of Object.entries(rest))
    made[name] =
      name === "allOf" ? value.map((one) => strict(one, value.length > 1)) : strict(value);
  const isOpen = rest.additionalProperties === undefined && typeof rest.properties === "object";
  if (isOpen && !isPart && isSchema(rest)) made.unevaluatedProperties = false;
  if (!nullable) return made;
  return made.type && !made.enum
    ? { ...made, type: [made.type, "null"].flat() }
    : { anyOf: [made, { type: "null" }] };
}

// A property that is itself called "properties" has no type beside it.
const isSchema = (node) => typeof node.type === "string" || node.allOf || node.anyOf || node.oneOf;

function answerValidator() {
  const ajv = new Ajv2019({ strict: false, allErrors: true, logger: false });
  addFormats(ajv);
  ajv.addFormat("timestamp", true);
  ajv.addFormat("repo.nwo", true);
  ajv.addSchema({
    $id: DESCRIPTION,
    components: { schemas: strict(description.components.schemas) },
  });
  return ajv;
}

const webhookSchemas = JSON.parse(
  JSON.stringify(require("@octokit/webhooks-schemas"))
    .replaceAll('"$schema":"http://json-schema.org/draft-07/schema",', "")
    .replaceAll('"$ref":"#/', `"$ref":"${WEBHOOKS}#/`),
);

function payloadValidator() {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats(ajv);
  ajv.addFormat("uri-template", true);
  ajv.addSchema({ $id: WEBHOOKS, definitions: webhookSchemas.definitions });
  return ajv;
}

export class Verdicts {
  #answers = answerValidator();
  #payloads = payloadValidator();
  #compiled = new Map(); // schema → its validator
  #used = new Set();
  counts = { answers: 0, payloads: 0 };
  problems = [];

  // `document` is undefined when the answer had no body.
  answer(method, path, status, document) {
    ++this.counts.answers;
    const described = describedPath(new URL(path, "http://localhost").pathname);
    const where = `${method} ${described ?? path} ${status}`;
    const operation = description.paths[described]?.[method.toLowerCase()];
    if (!operation) return this.#problem(where, "", "path", "is not described");
    if (!operation.responses[status]) return this.#problem(where, "", "status", "is not described");
    const content = resolved(operation.responses[status]).content ?? {};
    const type = Object.keys(content).find((name) => name.startsWith("application/json"));
    if (type)
      return this.#judge(
        where,
        this.#compile(this.#answers, content[type].schema, strict),
        document,
      );
    if (document !== undefined) this.#problem(where, "", "body", "is not described");
    return undefined;
  }

  #compile(ajv, schema, prepare = (same) => same) {
    if (!this.#compiled.has(schema)) this.#compiled.set(schema, ajv.compile(prepare(schema)));
    return this.#compiled.get(schema);
  }

  payload(event, document) {
    ++this.counts.payloads;
    const name = document.action === undefined ? `${event}$event` : `${event}$${document.action}`;
    const schema = webhookSchemas.definitions[name];
    if (!schema) return this.#problem(name, "", "event", "is not described");
    return this.#judge(name, this.#compile(this.#payloads, schema), older(document, this.#used));
  }

  #judge(where, validate, document) {
    if (validate(document)) return;
    // Each branch of "null or an object" complains; what is within the object says more.
    const isAbove = (error) =>
      validate.errors.some(
        (other) => other !== error && other.instancePath.startsWith(`${error.instancePath}/`),
      );
    for (const error of validate.errors) {
      if (error.keyword === "type" && error.params.type === "null" && isAbove(error)) continue;
      // The errors of the branches say more than that none of them fits.
      if (["anyOf", "oneOf", "if"].includes(error.keyword)) continue;
      const extra = error.params.additionalProperty ?? error.params.unevaluatedProperty;
      this.#problem(
        where,
        extra ? `${error.instancePath}/${extra}` : error.instancePath,
        error.keyword,
        error.message,
      );
    }
  }

  #problem(where, path, keyword, message) {
    const place = path.replace(/\/\d+/g, "/*");
    const known = DEVIATIONS.find(
      (one) =>
        one.where.test(where) &&
        (one.path ?? /^/).test(place) &&
        (!one.keyword || one.keyword === keyword),
    );
    if (known) this.#used.add(known.name);
    else this.problems.push(`${where}: ${place || "/"} ${keyword}: ${message}`);
  }

  // A deviation that was not met any more has to be removed.
  unused() {
    return [...DEVIATIONS.map((one) => one.name), ...NEWER].filter((name) => !this.#used.has(name));
  }
}
