// The activities and deals that the stand-in has, by its own clock.
import { checkFields } from "./fields.mjs";
import { Refusal } from "./refusal.mjs";

const LIMIT_MAX = 500;
const timeText = (ms) => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(".000", "");
const cursorOf = (id) => Buffer.from(JSON.stringify({ id })).toString("base64");

export class World {
  constructor() {
    this.offset_ms = 0;
    this.entries = { activities: new Map(), deals: new Map() };
    this.next_id = 1;
    // A new entry is missing from so many first pages of lists, as an index that lags has it.
    this.hidden_lists = 0;
    this.hidden = new Map(); // by id: the lists that still do without it
  }

  now() {
    return Date.now() + this.offset_ms;
  }

  add(kind, document) {
    checkFields(kind, document);
    if (kind === "deals" && !document.title) throw new Refusal(400, "Title is required");
    this.#checkDeal(document);
    const id = this.next_id++;
    const at = timeText(this.now());
    const entry = {
      id,
      owner_id: 1,
      ...(kind === "activities" ? { done: false, type: "call" } : { status: "open" }),
      ...document,
      is_deleted: false,
      add_time: at,
      update_time: at,
    };
    this.entries[kind].set(id, entry);
    if (this.hidden_lists > 0) this.hidden.set(id, this.hidden_lists);
    return entry;
  }

  change(kind, id, document) {
    const entry = this.find(kind, id);
    checkFields(kind, document);
    this.#checkDeal(document);
    return Object.assign(entry, document, { update_time: timeText(this.now()) });
  }

  find(kind, id) {
    const entry = this.entries[kind].get(id);
    if (!entry || entry.is_deleted) throw new Refusal(404, "Entity not found");
    return entry;
  }

  remove(kind, id) {
    this.find(kind, id).is_deleted = true;
    return { id };
  }

  list(kind, query) {
    const limit = Number(query.get("limit") ?? 100);
    if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX)
      throw new Refusal(400, "Parameter 'limit' has an invalid value");
    const cursor = query.get("cursor");
    const after = cursor === null ? 0 : this.#position(cursor);
    const since = query.get("updated_since");
    if (since !== null && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(since))
      throw new Refusal(400, "Parameter 'updated_since' has an invalid value");
    if (cursor === null) this.#count();
    const found = [...this.entries[kind].values()].filter(
      (entry) =>
        !entry.is_deleted &&
        !this.hidden.has(entry.id) &&
        entry.id > after &&
        (since === null || entry.update_time >= since),
    );
    const data = found.slice(0, limit);
    const next_cursor = found.length > limit ? cursorOf(data.at(-1).id) : null;
    return { success: true, data, additional_data: { next_cursor } };
  }

  #count() {
    for (const [id, left] of this.hidden)
      if (left === 0) this.hidden.delete(id);
      else this.hidden.set(id, left - 1);
  }

  #position(cursor) {
    try {
      const { id } = JSON.parse(Buffer.from(cursor, "base64").toString());
      if (Number.isInteger(id)) return id;
    } catch {
      // It is refused below.
    }
    throw new Refusal(400, "Parameter 'cursor' has an invalid value");
  }

  #checkDeal(document) {
    if (document.deal_id !== undefined && !this.entries.deals.has(document.deal_id))
      throw new Refusal(400, "Deal not found");
  }
}
