// The clock counts whole seconds, as GitHub's documents do. It shows the real time, or stands still
// until it is told to advance.
export class Clock {
  #fixed = null;
  #offset = 0;

  now() {
    return this.#fixed ?? Math.floor(Date.now() / 1000) + this.#offset;
  }

  set(text) {
    this.#fixed = secondsOf(text);
  }

  advance(seconds) {
    if (this.#fixed === null) this.#offset += seconds;
    else this.#fixed += seconds;
  }

  // Lets the clock run from the time that it shows now.
  run() {
    this.#offset = this.now() - Math.floor(Date.now() / 1000);
    this.#fixed = null;
  }

  real() {
    this.#offset = 0;
    this.#fixed = null;
  }
}

export function secondsOf(text) {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new Error(`unable to read time '${text}'`);
  return Math.floor(milliseconds / 1000);
}

// Returns text like "2026-01-31T12:00:00Z"; null stays null.
export function timeText(seconds) {
  return seconds === null || seconds === undefined
    ? null
    : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

export function httpDate(seconds) {
  return new Date(seconds * 1000).toUTCString();
}
