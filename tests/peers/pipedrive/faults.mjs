// Tests order faults by control: rules for the next answers to a path, and limits. A rule is
// {path: regular expression, method, times, skip} with one of: status (with headers and body) before
// anything is done, stored_status after it was done, swallow (it is done, and the connection ends
// without an answer), hang (nothing is done and no answer comes).
const RULES_MAX = 1000; // a test with more has forgotten to reset them

export class Faults {
  constructor() {
    this.reset();
  }

  reset() {
    this.rules = [];
    this.chance = 0; // of a random fault, by a generator that a seed begins
    this.seed = 1;
    this.budget = null; // requests left of the day; null: any number
    this.each = 0; // every request but each n-th is answered by 429
    this.count = 0;
  }

  set({ rules = [], ...limits }) {
    for (const name of ["chance", "seed", "budget", "each"])
      if (name in limits) this[name] = limits[name];
    for (const rule of rules)
      this.rules.push({ times: 1, skip: 0, ...rule, pattern: new RegExp(rule.path ?? "") });
    if (this.rules.length > RULES_MAX) throw new Error("unable to add a rule: there are too many");
    return { rules: this.rules.length };
  }

  take(method, path) {
    this.count += 1;
    if (this.each > 1 && this.count % this.each !== 0)
      return { status: 429, headers: { "Retry-After": "1", "x-ratelimit-reset": "2" } };
    if (this.budget !== null && --this.budget < 0)
      return { status: 429, headers: { "x-daily-requests-left": "0" } };
    for (const rule of this.rules) {
      if (rule.times === 0 || (rule.method && rule.method !== method) || !rule.pattern.test(path))
        continue;
      if (rule.skip > 0) {
        rule.skip -= 1;
        continue;
      }
      rule.times -= 1;
      return rule;
    }
    return method === "GET" ? null : this.#random();
  }

  #random() {
    if (this.chance === 0) return null;
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
    if (this.seed / 2 ** 32 >= this.chance) return null;
    return [{ status: 500 }, { stored_status: 500 }, { swallow: true }, { stored_status: 502 }][
      (this.seed >>> 8) % 4
    ];
  }
}
