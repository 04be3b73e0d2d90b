// Tests order faults by control: latency, a limit for the size of an answer, and rules for the next
// answers to a path. A rule is {path: regular expression, method, times, skip} with one of status
// (with message, headers, body), hang, cut, garble, delay_ms.
const RULES_MAX = 1000; // a test with more has forgotten to reset them

export class Faults {
  constructor() {
    this.reset();
  }

  reset() {
    this.latency_ms = 0; // each answer waits so long
    this.latency_is_before_reading = false; // otherwise the answer is old when it is sent
    this.rate_per_second = null; // requests queue up, and so many a second are answered
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

  // Finds the rule for this request, and counts that it was used.
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

  // Returns how many milliseconds this request has to wait in the queue.
  turn() {
    if (this.rate_per_second === null) return 0;
    const now = performance.now();
    const slot = Math.max(now, this.next_slot);
    this.next_slot = slot + 1000 / this.rate_per_second;
    return slot - now;
  }
}
