// A proxy that holds each request to an API and each answer against the API's own OpenAPI document, and says, a line
// each, what differs: a path, method or status that the document does not have, and a body that is not as its schema
// says.

import {createServer, request as ask} from "node:http";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

// Returns {call, end}: call(method, path, {body, type, headers, who}) asks, with the token unless `who` has other
// headers; end() says which routes of the document were not asked, and how much was.
export async function openProxy(baseUrl, documentPath, token) {
  const document = await (await fetch(baseUrl + documentPath)).json();
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
  const end = () => {
    proxy.close();
    const declared = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).filter((key) => key !== "parameters").map((key) => `${key.toUpperCase()} ${path}`));
    for (const name of declared) if (!seen.has(name)) console.log(`${name}: in the document, and not asked`);
    console.log(`asked ${asked} times, ${seen.size} routes`);
  };
  return {call, end};
}

export const json = (value) => ({body: JSON.stringify(value), type: "application/json"});
