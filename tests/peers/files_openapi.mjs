// Asks the API of files through a proxy that holds each request and each answer against the API's own OpenAPI
// document, and says, a line each, what differs: a path, method or status that the document does not have, and a
// body that is not as its schema says.
//
// usage: node files_openapi.mjs BASE_URL TOKEN
// The last line says how much was asked: "asked 30 times, 18 routes".

import {createServer, request as ask} from "node:http";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const [baseUrl, token] = process.argv.slice(2);
const document = await (await fetch(`${baseUrl}/v1/files/openapi.json`)).json();
const ajv = new Ajv({strict: false, allErrors: true});
addFormats(ajv);
ajv.addSchema(document, "api");

const routes = Object.entries(document.paths).map(([path, item]) => ({
  path, item, literals: path.split("{").length,
  pattern: new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{[a-z]+\}/g, "[^/]+")}$`),
})).sort((a, b) => a.literals - b.literals);
const seen = new Set();
let asked = 0;

// A reference within the document, and the pointer at which the thing stands.
const follow = (value, pointer) => value?.$ref
  ? follow(value.$ref.slice(2).split("/").reduce((at, key) => at[key], document), value.$ref.slice(1)) : [value, pointer];
const escaped = (key) => key.replaceAll("~", "~0").replaceAll("/", "~1");

const judge = (method, target, answer, body) => {
  asked += 1;
  const path = new URL(target, baseUrl).pathname;
  const name = `${method} ${path} ${answer.statusCode}`;
  const route = routes.find(({pattern, item}) => pattern.test(path) && item[method.toLowerCase()]);
  if (!route) return console.log(`${name}: no such route in the document`);
  seen.add(`${method} ${route.path}`);
  const at = `/paths/${escaped(route.path)}/${method.toLowerCase()}/responses/${answer.statusCode}`;
  const [declared, pointer] = follow(route.item[method.toLowerCase()].responses[answer.statusCode], at);
  if (!declared) return console.log(`${name}: no such status in the document: ${body.slice(0, 200)}`);
  if (!declared.content?.["application/json"]) return undefined;
  const check = ajv.getSchema(encodeURI(`api#${pointer}/content/${escaped("application/json")}/schema`));
  if (!check(JSON.parse(body))) console.log(`${name}: ${ajv.errorsText(check.errors)}: ${body}`);
  return undefined;
};

const proxy = createServer((incoming, outgoing) => {
  const onward = ask(baseUrl + incoming.url, {method: incoming.method, headers: incoming.headers}, (answer) => {
    const pieces = [];
    answer.on("data", (piece) => pieces.push(piece));
    answer.on("end", () => {
      const body = Buffer.concat(pieces);
      judge(incoming.method, incoming.url, answer, body.toString());
      outgoing.writeHead(answer.statusCode, answer.headers).end(body);
    });
  });
  incoming.pipe(onward);
});
await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${proxy.address().port}`;
const authorized = {authorization: `Bearer ${token}`};
const call = async (method, path, {body, type, headers = {}, who = authorized} = {}) => {
  const answer = await fetch(base + path, {method, body, redirect: "manual",
    headers: {...who, ...(type ? {"content-type": type} : {}), ...headers}});
  const text = await answer.text();
  try { return {status: answer.status, headers: answer.headers, ...JSON.parse(text)}; } catch { return {status: answer.status, headers: answer.headers}; }
};
const json = (value) => ({body: JSON.stringify(value), type: "application/json"});
const form = (fields) => {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.append(name, value);
  return {body: made};
};
const original = (content) => json([{filename: "a.txt", content}]);
const nobody = {who: {}};
const absent = "/v1/files/00000000-0000-4000-8000-000000000000";

await call("PUT", "/api/upload", original("aGVsbG8="));
await call("PUT", "/api/upload", original("?"));
await call("PUT", "/api/upload", {...original("aGVsbG8="), ...nobody});
await call("PUT", "/api/upload", {body: "x", type: "text/plain"});
const batch = await call("PUT", "/api/upload_temporary", original("aGVsbG8="));
await call("POST", "/upload", form({file: new File(["x"], "b.txt")}));
await call("POST", "/upload", form({unknown: "x"}));
await call("POST", "/upload", {body: "x", type: "text/plain"});
await call("POST", "/upload_temporary", form({file: new File(["x"], "c.txt")}));
const kept = await call("POST", "/v1/files?name=d.txt", {body: "hello"});
await call("POST", "/v1/files", form({temporary: "on", file: new File(["x"], "e.txt")}));
await call("POST", "/v1/files?name=..%2Ff", {body: "hello"});
await call("POST", `/v1/files?name=g&sha256=${"0".repeat(64)}`, {body: "hello"});
const own = `/v1/files/${kept.files[0].id}`;
await call("GET", "/v1/files");
await call("GET", "/v1/files?limit=0");
await call("GET", "/v1/files/quota");
await call("GET", own);
await call("GET", absent);
await call("PATCH", own, json({name: "h.txt", metadata: {a: 1}}));
await call("PATCH", own, json({name: "/"}));
await call("GET", `${own}/content`);
await call("GET", `${own}/content`, {headers: {range: "bytes=1-2"}});
await call("GET", `${own}/content`, {headers: {range: "bytes=99-"}});
await call("POST", `${own}/link`, json({seconds: 60}));
await call("POST", `${own}/link`, json({seconds: 0}));
await call("GET", `${own}/shared?expires=1&signature=x`, nobody);
await call("POST", "/v1/files/persist", json({token: batch.token, reference: {kind: "task", key: "7"}}));
await call("POST", "/v1/files/persist", json({token: batch.token, reference: {kind: "task", key: "8"}}));
await call("POST", "/v1/files/persist", json({token: "dvf_"}));
await call("DELETE", `/v1/files/${batch.files[0].id}`);
const tus = (headers) => ({headers: {"tus-resumable": "1.0.0", ...headers}});
await call("OPTIONS", "/files", nobody);
await call("POST", "/files", tus({"upload-length": "0x"}));
const begun = await call("POST", "/files", tus({"upload-length": "5"}));
const upload = begun.headers.get("location");
const octets = {type: "application/offset+octet-stream"};
await call("OPTIONS", upload, nobody);
await call("HEAD", upload, {...tus(), ...nobody});
await call("HEAD", "/files/a-b", {...tus(), ...nobody});
await call("PATCH", upload, {...tus({"upload-offset": "0"}), ...nobody, ...octets, body: "hel"});
await call("PATCH", upload, {...tus({"upload-offset": "0"}), ...nobody, ...octets, body: "lo"});
await call("GET", `/v1/files?state=receiving`);
await call("DELETE", upload, {...tus(), ...nobody});
await call("PATCH", upload, {...tus({"upload-offset": "3"}), ...nobody, ...octets, body: "lo"});
await call("DELETE", own);
await call("GET", "/v1/files/openapi.json", nobody);
proxy.close();
const declared = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.keys(item).filter((key) => key !== "parameters").map((key) => `${key.toUpperCase()} ${path}`));
for (const name of declared) if (!seen.has(name)) console.log(`${name}: in the document, and not asked`);
console.log(`asked ${asked} times, ${seen.size} routes`);
