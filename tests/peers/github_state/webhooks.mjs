// A delivery is made at the moment of the change, signed, kept for the deliveries API, and sent as
// control says: at once, late, twice, never, or in another order.
import { createHmac, randomUUID } from "node:crypto";
import http from "node:http";

import { payload } from "./payloads.mjs";
import { Seeded } from "./seeded.mjs";
import { live } from "./world.mjs";

const KEPT_MAX = 20_000; // limit for the deliveries of a hook; GitHub keeps those of three days
const ANSWER_MS_MAX = 10_000; // GitHub waits so long for an answer
const RESPONSE_BYTES_MAX = 65_536; // limit for what is kept of an answer

const USUAL = {
  held: false, // deliveries wait for `release`
  delay_ms: 0, // a number, or [least, most]
  doubled: 0, // probability of a second copy with the same GUID
  dropped: 0, // probability that GitHub finds nobody listening; the deliveries API says so
  lost: 0, // probability that nothing is sent and nothing is kept
  reordered: 1, // the next to send is any of the first so many
  senders: 1, // how many are sent at once; 1 keeps their order
  recorded: false, // GET /_deliveries gets all events, also those that no hook wants
};

const RECORDED_MAX = 100_000; // limit for recorded events; a property test reads far fewer
const SOCKETS_MAX = 64; // limit for connections to one receiver

export class Webhooks {
  #queue = [];
  #busy = 0;
  #released = 0; // how many of the held deliveries may be sent
  #timer = null;
  #seeded = new Seeded(1);
  #agent = new http.Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });

  constructor(world) {
    this.world = world;
    this.mode = { ...USUAL };
    this.recorded = []; // {event, guid, payload}
    world.emit = (event, action, repository, details) =>
      this.#emit(event, action, repository, details);
    world.redeliver = (hook, delivery) => this.#redeliver(hook, delivery);
  }

  set({ seed, ...mode }) {
    if (seed !== undefined) this.#seeded = new Seeded(seed);
    for (const name of Object.keys(mode))
      if (!(name in USUAL)) throw new Error(`unable to set '${name}' of webhooks`);
    Object.assign(this.mode, mode);
    this.#pump();
    return { ...this.mode };
  }

  reset() {
    this.mode = { ...USUAL };
    this.#pump();
  }

  // Lets so many of the held deliveries go, or all of them.
  release(count = this.#queue.length) {
    this.#released += count;
    this.#pump();
    return { left: Math.max(0, this.#queue.length - this.#released) };
  }

  #maySend() {
    return this.#queue.length > 0 && (!this.mode.held || this.#released > 0);
  }

  // Waits until all deliveries have been sent and answered.
  async drained(timeout_ms = 30_000) {
    const until = Date.now() + timeout_ms;
    while (this.#busy > 0 || this.#maySend()) {
      if (Date.now() > until)
        throw new Error(`unable to send ${this.#queue.length} deliveries in time`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { left: this.#queue.length };
  }

  stop() {
    clearTimeout(this.#timer);
    this.mode.held = true;
    this.#agent.destroy();
  }

  #targets(event, repository, details) {
    if (event === "ping" || event === "meta") return [details.hook];
    const targets = repository
      ? live(repository.hooks).filter(
          (hook) => hook.active && (hook.events.includes("*") || hook.events.includes(event)),
        )
      : [];
    const { app } = this.world;
    const installation =
      app?.hook && (details.installation ?? this.world.installationOf(repository));
    if (!installation) return targets;
    const config = { content_type: "json", ...app.hook };
    return [...targets, { ...app, config, installation }];
  }

  #emit(event, action, repository, details) {
    const targets = this.#targets(event, repository, details);
    if (targets.length === 0 && !this.mode.recorded) return;
    const document = payload(this.world, event, action, repository, details);
    if (this.mode.recorded) this.#record(event, document);
    for (const hook of targets) {
      const own =
        hook.installation && !details.installation
          ? {
              ...document,
              installation: { id: hook.installation.id, node_id: "MDIzOkluc3RhbGxhdGlvbg==" },
            }
          : document;
      this.#deliver(hook, this.#delivery(hook, event, action, repository, own));
    }
  }

  #record(event, document) {
    if (this.recorded.length >= RECORDED_MAX)
      throw new Error("unable to record a delivery: there are too many");
    const payload = JSON.parse(JSON.stringify(document));
    this.recorded.push({ event, guid: randomUUID(), payload });
  }

  #delivery(hook, event, action, repository, document) {
    const json = JSON.stringify(document);
    const isForm = hook.config.content_type === "form";
    const body = isForm ? `payload=${encodeURIComponent(json)}` : json;
    const guid = randomUUID();
    const isApp = hook.installation !== undefined;
    const headers = {
      Accept: "*/*",
      "Content-Type": isForm ? "application/x-www-form-urlencoded" : "application/json",
      "User-Agent": "GitHub-Hookshot/0000000",
      "X-GitHub-Delivery": guid,
      "X-GitHub-Event": event,
      "X-GitHub-Hook-ID": String(hook.id),
      "X-GitHub-Hook-Installation-Target-ID": String(isApp ? this.world.app.id : repository.id),
      "X-GitHub-Hook-Installation-Target-Type": isApp ? "integration" : "repository",
    };
    if (hook.config.secret) {
      const sign = (algorithm) =>
        createHmac(algorithm, hook.config.secret).update(body).digest("hex");
      headers["X-Hub-Signature"] = `sha1=${sign("sha1")}`;
      headers["X-Hub-Signature-256"] = `sha256=${sign("sha256")}`;
    }
    return {
      id: this.world.id("delivery"),
      guid,
      event,
      action,
      url: hook.config.url,
      body: json,
      sent: body,
      request_headers: headers,
      delivered_at: this.world.now(),
      redelivery: false,
      duration: 0,
      status: "pending",
      status_code: 0,
      response_headers: {},
      response_body: "",
      installation_id: hook.installation?.id ?? null,
      repository_id: repository?.id ?? null,
    };
  }

  #deliver(hook, delivery) {
    const { mode } = this;
    if (this.#seeded.happens(mode.lost)) return;
    this.#keep(hook, delivery);
    if (this.#seeded.happens(mode.dropped)) {
      Object.assign(delivery, { status: "failed to connect to host", status_code: 502 });
      return;
    }
    this.#enqueue(hook, delivery);
    if (this.#seeded.happens(mode.doubled)) this.#enqueue(hook, delivery);
  }

  #keep(hook, delivery) {
    hook.deliveries.push(delivery);
    if (hook.deliveries.length > KEPT_MAX) hook.deliveries.shift();
  }

  #redeliver(hook, former) {
    const delivery = {
      ...former,
      id: this.world.id("delivery"),
      redelivery: true,
      delivered_at: this.world.now(),
      status: "pending",
      status_code: 0,
    };
    this.#keep(hook, delivery);
    this.#send({ hook, delivery });
  }

  #enqueue(hook, delivery) {
    const [least, most] = [this.mode.delay_ms].flat();
    const delay = least + (most === undefined ? 0 : this.#seeded.fraction() * (most - least));
    this.#queue.push({ hook, delivery, due: performance.now() + delay });
    this.#pump();
  }

  #pump() {
    clearTimeout(this.#timer);
    while (this.#busy < this.mode.senders && this.#maySend()) {
      const now = performance.now();
      const due = [];
      for (let at = 0; at < this.#queue.length && due.length < this.mode.reordered; ++at)
        if (this.#queue[at].due <= now) due.push(at);
      if (due.length === 0) {
        const next = Math.min(...this.#queue.slice(0, 1000).map((entry) => entry.due));
        this.#timer = setTimeout(() => this.#pump(), Math.max(1, next - now));
        return;
      }
      const at = this.mode.reordered > 1 ? this.#seeded.pick(due) : due[0];
      if (this.mode.held) --this.#released;
      this.#send(this.#queue.splice(at, 1)[0]);
    }
  }

  async #send({ hook, delivery }) {
    ++this.#busy;
    const begun = performance.now();
    try {
      const { status, headers, body } = await this.#post(delivery);
      const isGood = status >= 200 && status < 300;
      Object.assign(delivery, {
        status: isGood ? "OK" : `Invalid HTTP Response: ${status}`,
        status_code: status,
        response_headers: headers,
        response_body: body,
      });
    } catch (error) {
      Object.assign(delivery, {
        status: error.message === "timed out" ? "timed out" : "failed to connect to host",
        status_code: 502,
      });
    }
    delivery.duration = Math.round((performance.now() - begun) / 10) / 100;
    Object.assign(hook.last_response, {
      code: delivery.status_code,
      status: "active",
      message: delivery.status,
    });
    --this.#busy;
    this.#pump();
  }

  #post(delivery) {
    return new Promise((resolve, reject) => {
      const headers = {
        ...delivery.request_headers,
        "Content-Length": Buffer.byteLength(delivery.sent),
      };
      const request = http.request(
        delivery.url,
        { method: "POST", headers, agent: this.#agent, timeout: ANSWER_MS_MAX },
        (response) => {
          let body = "";
          response.setEncoding("utf8");
          response.on("data", (chunk) => {
            if (body.length < RESPONSE_BYTES_MAX) body += chunk;
          });
          response.on("end", () =>
            resolve({ status: response.statusCode, headers: response.headers, body }),
          );
          response.on("error", reject);
        },
      );
      request.on("timeout", () => request.destroy(new Error("timed out")));
      request.on("error", reject);
      request.end(delivery.sent);
    });
  }
}
