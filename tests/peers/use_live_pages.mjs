// Uses pages as a person does and says, a line each, where app.js or htmx does something else than it
// should: live parts that replace themselves, but not what somebody uses; selected rows that are
// counted; times in UTC or local; the way to the content by keyboard. Time is the test's, so nothing
// waits.
//
// usage: node use_live_pages.mjs BASE_URL
// The last line says how much was done: "used 2 pages, 24 checks".

import {launchChromium} from "./chromium.mjs";

const [baseUrl] = process.argv.slice(2);
let checks = 0;
const check = (isTrue, text) => {
  checks += 1;
  if (!isTrue) console.log(text);
};

const browser = await launchChromium();
const context = await browser.newContext({timezoneId: "America/New_York", viewport: {width: 1280, height: 800}});
const tab = await context.newPage();
await tab.clock.install({time: new Date("2026-11-29T14:40:29Z")});
await tab.clock.pauseAt(new Date("2026-11-29T14:40:30Z"));
tab.on("console", (message) => console.log(`console: ${message.text()}`));
tab.on("pageerror", (error) => console.log(`script error: ${error.message}`));

// Lets seconds pass; what was asked for meanwhile has been answered when it returns.
let asked = 0;
tab.on("request", (request) => { if (request.url().includes("/pages/part-")) asked += 1; });
const asksWithin = async (seconds) => {
  const before = asked;
  const pending = [];
  const note = (request) => { if (request.url().includes("/pages/part-")) pending.push(request.response()); };
  tab.on("request", note);
  await tab.clock.runFor(seconds * 1000);
  await Promise.all(pending);
  tab.off("request", note);
  // What htmx does with an answer has timers of its own.
  await tab.clock.runFor(200);
  return asked - before;
};

try {
  await tab.goto(`${baseUrl}/pages/live-operations`);
  const row = tab.locator("tbody th.main").first();
  const box = tab.locator("input[name=id]").first();
  const counted = tab.locator("[data-count]");

  await tab.keyboard.press("Tab");
  check(await tab.evaluate(() => document.activeElement.className) === "jump", "Tab does not lead to the skip link first");
  await tab.keyboard.press("Enter");
  check(await tab.evaluate(() => document.activeElement.id) === "main", "the skip link does not lead to the content");

  check(await counted.textContent() === "0 selected", `counts ${await counted.textContent()} of none`);
  await box.focus();
  await tab.keyboard.press("Space");
  check(await counted.textContent() === "1 selected", `counts ${await counted.textContent()} of one`);
  const pickAll = tab.locator("[data-pick-all]");
  const shown = await tab.locator("input[name=id]").count();
  check(await pickAll.evaluate((each) => each.indeterminate), "one of several is selected, and all seem to be, or none");
  await pickAll.check();
  check(await counted.textContent() === `${shown} selected`, `counts ${await counted.textContent()} of all ${shown}`);
  await pickAll.uncheck();
  check(await counted.textContent() === "0 selected", `counts ${await counted.textContent()} of none again`);
  await box.check();
  await tab.evaluate(() => document.activeElement.blur());
  check(await asksWithin(3) === 0, "a part with a checked box asks");
  await box.uncheck();
  check(await asksWithin(3) === 0, "a part with the focus asks");
  await tab.evaluate(() => document.activeElement.blur());
  await tab.evaluate(() => getSelection().selectAllChildren(document.querySelector("tbody th")));
  check(await asksWithin(3) === 0, "a part with selected text asks");
  await tab.evaluate(() => getSelection().removeAllRanges());
  check(await row.textContent() !== "newer/blog", "the first rows are not those of the page");
  check(await asksWithin(1) === 1, "a part that nobody uses does not ask once a second");
  check((await row.textContent()).startsWith("newer/blog"), `the part did not replace itself: ${await row.textContent()}`);
  check(await counted.textContent() === "0 selected", "the new part is not counted");
  check(await tab.locator("td.age time").first().textContent() === "12 min", "the new part's ages are not ours");

  const footer = tab.locator("footer time");
  const zone = tab.locator("footer [data-zone]");
  check(await footer.textContent() === "14:32:07", `UTC is ${await footer.textContent()}`);
  await tab.locator("button[data-times]").click();
  check(await footer.textContent() === "09:28:11", `local time is ${await footer.textContent()}`);
  check(await zone.textContent() === "local time", `the zone is ${await zone.textContent()}`);

  await tab.goto(`${baseUrl}/pages/live-log`);
  check(await tab.locator("footer time").textContent() === "09:28:11", "the choice of local time was lost");
  const entries = tab.locator("ol.log > li:not([hidden])");
  const before = await entries.count();
  await asksWithin(1);
  const after = await entries.count();
  check(after === 2 * before, `the log has ${after} entries after ${before}, which came again`);
  check(await tab.locator("ol.log > li[hidden]").count() === 1, "not one entry asks for more");
} finally {
  await browser.close();
}
console.log(`used 2 pages, ${checks} checks`);
