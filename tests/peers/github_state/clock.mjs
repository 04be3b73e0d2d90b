// The stand-in's time in whole seconds, as GitHub's documents have it: the real one, or one that
// stands still until it is told to advance. A step never leads back, for GitHub's does not either.
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

  // Goes on from here by itself.
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

// "2026-01-31T12:00:00Z"; null stays null.
export function timeText(seconds) {
  return seconds === null || seconds === undefined
    ? null
    : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

export function httpDate(seconds) {
  return new Date(seconds * 1000).toUTCString();
}
