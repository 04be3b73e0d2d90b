// Faults on purpose, by control: slowness, answers that are too large, and rules for the next
// answers to a path. A rule: {path: regular expression, method, times, skip, and one of status
// (with body, headers), hang, cut, garble, delay_ms}.
const RULES_MAX = 1000; // more is a test that forgets to reset

export class Faults {
  constructor() {
    this.reset();
  }

  reset() {
    this.latency_ms = 0; // of each answer
    this.latency_is_before_reading = false; // else the answer is old when it is sent
    this.rate_per_second = null; // answers in a queue, so many a second
    this.bytes_max = null; // a longer answer is a 502
    this.rules = [];
    this.next_slot = 0;
  }

  set(args) {
    for (const name of ["latency_ms", "latency_is_before_reading", "rate_per_second", "bytes_max"])
      if (name in args) this[name] = args[name];
    if (args.rules) {
      this.rules.push(
        ...args.rules.map((rule) => ({
          times: 1,
          skip: 0,
          ...rule,
          pattern: new RegExp(rule.path ?? ""),
        })),
      );
    }
    if (this.rules.length > RULES_MAX) throw new Error("unable to add a rule: there are too many");
    return { rules: this.rules.length };
  }

  // The rule for this request, used up by one.
  take(method, path) {
    for (const rule of this.rules) {
      if (rule.times <= 0 || (rule.method && rule.method !== method) || !rule.pattern.test(path))
        continue;
      if (rule.skip > 0) {
        --rule.skip;
        continue;
      }
      --rule.times;
      this.rules = this.rules.filter((one) => one.times > 0);
      return rule;
    }
    return null;
  }

  // Milliseconds until this request's turn.
  turn() {
    if (this.rate_per_second === null) return 0;
    const now = performance.now();
    const slot = Math.max(now, this.next_slot);
    this.next_slot = slot + 1000 / this.rate_per_second;
    return slot - now;
  }
}
