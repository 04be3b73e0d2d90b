// GitHub limits the requests an hour of each credential (primary limit), and how many it sends at
// once (secondary limit).
import { Refusal } from "./refusal.mjs";

const WINDOW_SECONDS = 3600;
const DOCUMENTATION = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api";

export class Limits {
  constructor(world) {
    this.world = world;
    this.budgets = new Map(); // caller's key → {limit, used, reset_at}
    this.at_once = new Map(); // caller's key → requests that have no answer yet
    // GitHub allows 100 at once. `times` of the next requests are refused, whoever asks.
    // GitHub says 80 writes of content a minute and 500 an hour; null: no limit.
    this.secondary = {
      concurrent_max: 100,
      status: 403,
      retry_after: 60,
      times: 0,
      content_per_minute: null,
      content_per_hour: null,
    };
    this.contents = new Map(); // caller's key → times of its writes of content
  }

  budget(caller) {
    const now = this.world.now();
    const budget = this.budgets.get(caller.key);
    if (budget && budget.reset_at > now) return budget;
    const limit = budget?.forced ? budget.limit : caller.quota;
    const made = {
      limit,
      used: 0,
      reset_at: now + WINDOW_SECONDS,
      forced: budget?.forced ?? false,
    };
    this.budgets.set(caller.key, made);
    return made;
  }

  // Control sets any of {limit, remaining, reset_in}.
  set(caller, { limit, remaining, reset_in }) {
    const budget = this.budget(caller);
    if (limit !== undefined) Object.assign(budget, { limit, forced: true });
    if (remaining !== undefined) budget.used = budget.limit - remaining;
    if (reset_in !== undefined) budget.reset_at = this.world.now() + reset_in;
    return { limit: budget.limit, used: budget.used, reset_at: budget.reset_at };
  }

  enter(caller) {
    const count = (this.at_once.get(caller.key) ?? 0) + 1;
    this.at_once.set(caller.key, count);
    const budget = this.budget(caller);
    if (budget.used >= budget.limit) throw this.#primary(caller);
    const { secondary } = this;
    if (secondary.times > 0) {
      --secondary.times;
      throw this.#refuse();
    }
    if (count > secondary.concurrent_max) throw this.#refuse();
  }

  // A write that makes an issue or a comment counts for itself.
  enterWrite(caller, method, path) {
    if (method !== "POST" || !/\/(issues|comments)$/.test(path)) return;
    const now = this.world.now();
    const { content_per_minute, content_per_hour } = this.secondary;
    const times = (this.contents.get(caller.key) ?? []).filter((at) => at > now - WINDOW_SECONDS);
    const inMinute = times.filter((at) => at > now - 60).length;
    if (inMinute >= (content_per_minute ?? Infinity)) throw this.#refuse();
    if (times.length >= (content_per_hour ?? Infinity)) throw this.#refuse();
    times.push(now);
    this.contents.set(caller.key, times);
  }

  leave(caller) {
    this.at_once.set(caller.key, this.at_once.get(caller.key) - 1);
  }

  charge(caller) {
    ++this.budget(caller).used;
  }

  headers(caller) {
    const budget = this.budget(caller);
    return {
      "X-RateLimit-Limit": String(budget.limit),
      "X-RateLimit-Remaining": String(Math.max(0, budget.limit - budget.used)),
      "X-RateLimit-Reset": String(budget.reset_at),
      "X-RateLimit-Used": String(budget.used),
      "X-RateLimit-Resource": "core",
    };
  }

  // Answers GET /rate_limit, which costs nothing.
  overview(caller) {
    const budget = this.budget(caller);
    const core = {
      limit: budget.limit,
      used: budget.used,
      reset: budget.reset_at,
      remaining: Math.max(0, budget.limit - budget.used),
    };
    const search = { limit: 30, used: 0, remaining: 30, reset: this.world.now() + 60 };
    const graphql = {
      limit: 5000,
      used: 0,
      remaining: 5000,
      reset: this.world.now() + WINDOW_SECONDS,
    };
    return { resources: { core, search, graphql }, rate: core };
  }

  #primary(caller) {
    const whom = caller.user ? `user ID ${caller.user.id}` : caller.key || "127.0.0.1";
    return new Refusal(403, `API rate limit exceeded for ${whom}.`, {
      documentation: DOCUMENTATION,
    });
  }

  #refuse() {
    const { status, retry_after } = this.secondary;
    return new Refusal(
      status,
      "You have exceeded a secondary rate limit. Please wait a few minutes " +
        "before you try again.",
      {
        documentation: `${DOCUMENTATION}#about-secondary-rate-limits`,
        headers: retry_after === null ? {} : { "Retry-After": String(retry_after) },
      },
    );
  }
}
