// Makes numbers that look random, and are the same for the same seed (mulberry32).
export class Seeded {
  #state;

  constructor(seed) {
    this.#state = (Number(seed) || 1) >>> 0;
  }

  // Returns a number from 0 up to, but not including, 1.
  fraction() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below(bound) {
    return Math.floor(this.fraction() * bound);
  }

  happens(probability) {
    return this.fraction() < probability;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  hex(digits) {
    let text = "";
    while (text.length < digits) text += this.below(65536).toString(16).padStart(4, "0");
    return text.slice(0, digits);
  }
}
