// A stand-in of Pipedrive's API holds its parts, and leads each request through them.
import http from "node:http";

import { Faults } from "./faults.mjs";
import { Refusal } from "./refusal.mjs";
import { World } from "./world.mjs";

const BODY_BYTES_MAX = 4 * 1024 * 1024; // limit for a request
const REQUESTS_MAX = 100_000; // limit for GET /_requests
const BASE = "/api/v2/";

export class Standin {
  constructor() {
    this.world = new World();
    this.faults = new Faults();
    this.token = "0123456789abcdef0123456789abcdef01234567";
    this.requests = [];
    this.server = http.createServer((request, response) => {
      this.#serve(request, response).catch((error) => {
        console.error(error);
        response.destroy();
      });
    });
  }

  async listen(port) {
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", 1024, resolve));
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }

  async #serve(request, response) {
    const text = await bodyOf(request);
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    if (pathname.startsWith("/_")) return this.#control(request, response, pathname, text);
    this.requests.push({
      method: request.method,
      path: request.url,
      token: request.headers["x-api-token"] ?? null,
      type: request.headers["content-type"] ?? null,
      body: text,
    });
    if (this.requests.length > REQUESTS_MAX) this.requests.shift();
    const rule = this.faults.take(request.method, request.url);
    if (rule?.hang) return undefined; // ends when the client gives up, or the stand-in stops
    const answer = this.#answer(request, pathname, searchParams, text, rule);
    if (rule?.swallow) return response.destroy();
    const status = rule?.stored_status ?? answer.status;
    const body = rule?.stored_status ? "Internal error" : answer.body;
    response.writeHead(status, {
      Date: new Date(this.world.now()).toUTCString(),
      "Content-Type": "application/json; charset=utf-8",
      "x-ratelimit-limit": "40",
      "x-ratelimit-remaining": "39",
      "x-ratelimit-reset": "2",
      ...answer.headers,
    });
    return response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  #answer(request, path, query, text, rule) {
    try {
      if (rule?.status)
        throw new Refusal(rule.status, rule.message ?? "Faulty on purpose", rule);
      if (request.headers["x-api-token"] !== this.token)
        throw new Refusal(401, "Unauthorized access");
      const [kind, id, more] = path.startsWith(BASE) ? path.slice(BASE.length).split("/") : [];
      if ((kind !== "activities" && kind !== "deals") || more) throw new Refusal(404, "Not found");
      return this.#route(request.method, kind, id && Number(id), query, text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, headers: error.headers, body: error.body };
    }
  }

  #route(method, kind, id, query, text) {
    const { world } = this;
    const one = (data, status = 200) => ({ status, body: { success: true, data } });
    if (method === "GET")
      return id === undefined
        ? { status: 200, body: world.list(kind, query) }
        : one(world.find(kind, id));
    if (method === "POST" && id === undefined) return one(world.add(kind, parsed(text)), 201);
    if (method === "PATCH" && id) return one(world.change(kind, id, parsed(text)));
    if (method === "DELETE" && id) return one(world.remove(kind, id));
    throw new Refusal(405, "Method not allowed");
  }

  #control(request, response, path, text) {
    const respond = (status, document) => {
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(JSON.stringify(document));
    };
    try {
      if (path === "/_control" && request.method === "POST")
        return respond(200, this.#act(JSON.parse(text)));
      if (path === "/_state")
        return respond(200, {
          activities: [...this.world.entries.activities.values()],
          deals: [...this.world.entries.deals.values()],
        });
      if (path === "/_requests" && request.method === "GET") return respond(200, this.requests);
      if (path === "/_requests" && request.method === "DELETE") {
        this.requests = [];
        return respond(200, {});
      }
      return respond(404, { error: `nothing is at ${request.method} ${path}` });
    } catch (error) {
      return respond(400, { error: error.message });
    }
  }

  #act(act) {
    if (Array.isArray(act)) return act.map((one) => this.#act(one));
    const { do: name, ...args } = act;
    if (name === "faults") return this.faults.set(args);
    if (name === "reset_faults") return this.faults.reset() ?? {};
    if (name === "hide") return { lists: (this.world.hidden_lists = args.lists) };
    if (name === "clock") return { offset_ms: (this.world.offset_ms = args.offset_ms) };
    if (name === "token") return { token: (this.token = args.token) };
    if (name === "add") return this.world.add(args.kind, args.document);
    if (name === "delete") return this.world.remove(args.kind, args.id);
    if (name === "clear") {
      this.world = new World();
      return {};
    }
    throw new Error(`unable to do '${name}': there is no such act`);
  }
}

async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error("unable to read request: it is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "Request body is no JSON");
  }
}
