// A stand-in of GitHub's REST API holds its parts, and leads each request through them.
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { callerOf } from "./access.mjs";
import { httpDate } from "./clock.mjs";
import { entityTag, isUnchanged, validators } from "./conditional.mjs";
import { control } from "./control.mjs";
import { Faults } from "./faults.mjs";
import { Limits } from "./limits.mjs";
import { Oauth } from "./oauth.mjs";
import { checkRequest } from "./openapi.mjs";
import { Refusal } from "./refusal.mjs";
import { route } from "./routes/router.mjs";
import { facts } from "./facts.mjs";
import { Webhooks } from "./webhooks.mjs";
import { World } from "./world.mjs";

const BODY_BYTES_MAX = 64 * 1024 * 1024; // limit for a request; control may send many acts at once
const REQUESTS_MAX = 200_000; // limit for GET /_requests; a long scan sends far fewer

export class Standin {
  constructor({ isStrict = false } = {}) {
    this.isStrict = isStrict;
    this.world = new World();
    this.limits = new Limits(this.world);
    this.faults = new Faults();
    this.webhooks = new Webhooks(this.world);
    this.oauth = new Oauth(this.world);
    this.requests = [];
    this.server = http.createServer((request, response) => {
      this.#serve(request, response).catch((error) => {
        console.error(error);
        if (!response.headersSent) response.writeHead(500);
        response.end(JSON.stringify({ error: String(error.stack ?? error) }));
      });
    });
    this.server.keepAliveTimeout = 60_000; // a test may be busy with something else for so long
  }

  async listen(port) {
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", 1024, resolve));
    this.world.url = `http://127.0.0.1:${this.server.address().port}`;
    return this.world.url;
  }

  stop() {
    this.webhooks.stop();
    this.server.close();
    this.server.closeAllConnections();
  }

  async #serve(request, response) {
    const text = await bodyOf(request);
    const { pathname, searchParams } = new URL(request.url, this.world.url);
    if (pathname.startsWith("/_"))
      return this.#serveControl(request, response, pathname, searchParams, text);
    const entry = {
      method: request.method,
      path: request.url,
      status: null,
      charged: false,
      token: null,
    };
    this.requests.push(entry);
    if (this.requests.length > REQUESTS_MAX) this.requests.shift();
    const rule = this.faults.take(request.method, request.url);
    await this.#wait(this.faults.turn());
    if (rule?.hang) return undefined; // ends when the client gives up, or the stand-in stops
    if (this.faults.latency_is_before_reading) await this.#wait(this.faults.latency_ms);
    const answer = this.#answer(request, pathname, searchParams, text, rule, entry);
    if (!this.faults.latency_is_before_reading) await this.#wait(this.faults.latency_ms);
    await this.#wait(rule?.delay_ms ?? 0);
    answer.leave();
    entry.status = answer.status;
    return send(response, answer, rule);
  }

  async #wait(milliseconds) {
    if (milliseconds > 0) await sleep(milliseconds);
  }

  // Returns {status, headers, body} with the bytes of the body; it throws nothing for what the
  // client did.
  #answer(request, path, query, text, rule, entry) {
    const answer = {
      status: 200,
      headers: commonHeaders(this.world),
      body: Buffer.alloc(0),
      leave: () => {},
    };
    let caller = null;
    try {
      if (Oauth.owns(path)) {
        if (rule?.status) throw ruled(rule);
        const { method, headers } = request;
        const page = this.oauth.answer(method, path, query, text, headers);
        answer.status = page.status;
        Object.assign(answer.headers, page.headers);
        answer.body = Buffer.from(page.body);
        return answer;
      }
      const problem = this.isStrict && !path.startsWith("/gist_raw/") // another host's
        ? checkRequest(request.method, request.url, request.headers)
        : null;
      if (problem) throw new Refusal(599, problem);
      caller = callerOf(this.world, request.headers);
      entry.token = caller.name;
      this.#enter(caller, path, answer);
      if (rule?.status && !rule.done) throw ruled(rule);
      if (request.method !== "GET") this.limits.enterWrite(caller, request.method, path);
      const body = text ? parsed(text) : {};
      const found =
        path === "/rate_limit"
          ? { document: this.limits.overview(caller) }
          : route({ world: this.world, caller, method: request.method, path, query, body });
      if (rule?.status) throw ruled(rule); // it was done, and says that it was not
      this.#compose(request, caller, found, answer);
    } catch (error) {
      refuse(answer, error);
    }
    if (caller) this.#charge(caller, path, answer, entry);
    return answer;
  }

  #enter(caller, path, answer) {
    if (path === "/rate_limit") return;
    answer.leave = () => this.limits.leave(caller);
    answer.isLimited = true; // stays so when the limits refuse it
    this.limits.enter(caller);
    answer.isLimited = false;
  }

  #compose(request, caller, { status = 200, document, bytes, changed_at = null, link }, answer) {
    answer.status = status;
    answer.body = bytes ?? Buffer.from(document === undefined ? "" : JSON.stringify(document));
    if (link) answer.headers.Link = link;
    if (this.faults.bytes_max !== null && answer.body.length > this.faults.bytes_max)
      throw new Refusal(502, "Server Error");
    if (request.method !== "GET" || status !== 200) return;
    const tag = entityTag(caller, answer.body);
    Object.assign(answer.headers, validators(tag, changed_at));
    if (!isUnchanged(request.headers, tag, changed_at)) return;
    answer.status = 304;
    answer.body = Buffer.alloc(0);
  }

  // A 304 with a token costs nothing, nor does GET /rate_limit, nor what the limits refused.
  #charge(caller, path, answer, entry) {
    const isFree =
      path === "/rate_limit" ||
      answer.isLimited ||
      answer.status === 599 ||
      (answer.status === 304 && caller.token !== null);
    if (!isFree) this.limits.charge(caller);
    entry.charged = !isFree;
    Object.assign(answer.headers, this.limits.headers(caller));
    if (caller.token?.scopes) answer.headers["X-OAuth-Scopes"] = caller.token.scopes.join(", ");
  }

  async #serveControl(request, response, path, query, text) {
    const respond = (status, document) => {
      response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" });
      response.end(JSON.stringify(document));
    };
    try {
      if (path === "/_control" && request.method === "POST")
        return respond(200, await control(this, JSON.parse(text)));
      if (path === "/_state") return respond(200, facts(this.world, query.get("repository")));
      if (path === "/_requests" && request.method === "GET") return respond(200, this.requests);
      if (path === "/_requests" && request.method === "DELETE") {
        this.requests = [];
        return respond(200, {});
      }
      if (path === "/_deliveries" && request.method === "GET")
        return respond(200, this.webhooks.recorded);
      if (path === "/_deliveries" && request.method === "DELETE") {
        this.webhooks.recorded = [];
        return respond(200, {});
      }
      return respond(404, { error: `nothing is at ${request.method} ${path}` });
    } catch (error) {
      return respond(400, { error: error.message });
    }
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

function commonHeaders(world) {
  return {
    Date: httpDate(world.now()),
    Server: "github.com",
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "private, max-age=60, s-maxage=60",
    "X-GitHub-Media-Type": "github.v3; format=json",
    "X-GitHub-Api-Version-Selected": "2022-11-28",
    Vary: "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With",
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}

function ruled({ status, message = "Faulty on purpose", headers = {}, body }) {
  const refusal = new Refusal(status, message, { headers });
  if (body !== undefined) refusal.body = body;
  return refusal;
}

// An act that the state does not allow is the client's mistake.
function refuse(answer, error) {
  const isOurs = !(error instanceof Refusal) && !String(error.message).startsWith("unable to");
  if (isOurs) console.error(error);
  const refusal = error instanceof Refusal ? error : new Refusal(isOurs ? 500 : 422, error.message);
  answer.status = refusal.status;
  Object.assign(answer.headers, refusal.headers);
  const { body } = refusal;
  answer.body = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function send(response, answer, rule) {
  let bytes = answer.body;
  if (rule?.garble) bytes = Buffer.from(String(bytes).slice(0, -1).replace(/:/, ";"));
  const hasBody = answer.status !== 204 && answer.status !== 304;
  if (!hasBody) delete answer.headers["Content-Type"];
  if (hasBody) answer.headers["Content-Length"] = bytes.length;
  response.writeHead(answer.status, answer.headers);
  if (!rule?.cut) return response.end(hasBody ? bytes : undefined);
  return response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}
