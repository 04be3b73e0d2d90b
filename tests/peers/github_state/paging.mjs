// Lists come page by page: as numbered pages, where Link names the last one, or by cursors, where
// it does not.
import { Refusal, unprocessable } from "./refusal.mjs";

const PER_PAGE = { usual: 30, max: 100 };
// GitHub refuses a page number when page × per_page reaches this; then only cursors work.
const NUMBERED_ITEMS_MAX = 10_000;

function count(text, usual, max) {
  const number = Number(text);
  return text === null || !Number.isInteger(number) || number < 1 ? usual : Math.min(number, max);
}

const perPage = (query) => count(query.get("per_page"), PER_PAGE.usual, PER_PAGE.max);

function link(context, changes, rel) {
  const query = new URLSearchParams(context.query);
  for (const name of ["after", "before", "page"]) if (name in changes) query.delete(name);
  for (const [name, value] of Object.entries(changes)) if (value !== null) query.set(name, value);
  return `<${context.world.url}${context.canonical}?${query}>; rel="${rel}"`;
}

export function numbered(context, list) {
  const size = perPage(context.query);
  const page = count(context.query.get("page"), 1, Number.MAX_SAFE_INTEGER);
  const last = Math.max(1, Math.ceil(list.length / size));
  const links = [];
  if (page > 1) links.push(link(context, { page: Math.min(page - 1, last) }, "prev"));
  if (page < last)
    links.push(link(context, { page: page + 1 }, "next"), link(context, { page: last }, "last"));
  if (page > 1) links.push(link(context, { page: 1 }, "first"));
  return { items: list.slice((page - 1) * size, page * size), link: links.join(", ") };
}

const encode = (item, column) =>
  Buffer.from(`cursor:v2:${item[column]}:${item.id}`).toString("base64url");

function decode(text) {
  const [, , value, id] = Buffer.from(text, "base64url").toString().split(":");
  if (!/^\d+$/.test(value ?? "") || !/^\d+$/.test(id ?? "")) throw unprocessable("Issue", "after");
  return { value: Number(value), id: Number(id) };
}

// Returns the index of the first item behind the cursor.
function placeAfter(list, column, isAscending, cursor) {
  const order = isAscending ? 1 : -1;
  const isBehind = (item) => order * (item[column] - cursor.value || item.id - cursor.id) > 0;
  let low = 0;
  for (let high = list.length; low < high;) {
    const middle = (low + high) >> 1;
    if (isBehind(list[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

function refuseDeepPages(page, size, documentation) {
  if (page * size < NUMBERED_ITEMS_MAX) return;
  throw new Refusal(
    422,
    "Pagination with the page parameter is not supported for large datasets, " +
      "please use cursor based pagination (after/before)",
    { documentation },
  );
}

// `list` is sorted by the column, ascending or not. A page number is taken while it is small.
export function cursored(context, list, { column, isAscending, documentation }) {
  if (context.world.switches.issue_paging === "numbered") return numbered(context, list);
  const { query } = context;
  const size = perPage(query);
  const page = count(query.get("page"), 1, Number.MAX_SAFE_INTEGER);
  let from = (page - 1) * size;
  if (query.has("after")) {
    from = placeAfter(list, column, isAscending, decode(query.get("after")));
  } else if (query.has("before")) {
    from = Math.max(
      0,
      placeAfter(list, column, isAscending, decode(query.get("before"))) - 1 - size,
    );
  } else {
    refuseDeepPages(page, size, documentation);
  }
  const items = list.slice(from, from + size);
  const links = [];
  if (from > 0 && items.length > 0)
    links.push(
      link(context, { before: encode(items[0], column), page: Math.max(1, page - 1) }, "prev"),
    );
  if (from + size < list.length)
    links.push(link(context, { after: encode(items.at(-1), column), page: page + 1 }, "next"));
  return { items, link: links.join(", ") };
}

// Returns undefined without `since`, and null for the epoch, for which GitHub finds nothing.
export function sinceOf(query) {
  const text = query.get("since");
  if (text === null) return undefined;
  const seconds = Math.floor(Date.parse(text) / 1000);
  if (Number.isNaN(seconds)) throw unprocessable("Issue", "since");
  return seconds <= 0 ? null : seconds;
}

export function sinceFilter(world, list, since, column) {
  if (since === undefined) return list;
  if (since === null) return [];
  return world.switches.since_is_inclusive
    ? list.filter((item) => item[column] >= since)
    : list.filter((item) => item[column] > since);
}
