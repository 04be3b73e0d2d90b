// Visits pages in Chromium and says what is wrong with them, a line each: light and dark, narrow and
// wide, without JavaScript too. A page is wrong when the console says something, the content security
// policy is violated, axe finds something, the page is wider than the window, or its status is another
// than it should be.
//
// usage: node visit_pages.mjs BASE_URL PAGES_FILE [SCREENSHOTS_FOLDER] [LOGIN_URL]
// PAGES_FILE: [{"path": "/operations", "name": "operations", "status": 200}, …]
// The last line says what was done: "visited 16 pages, 80 views".

import {mkdirSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import {launchChromium} from "./chromium.mjs";

const [baseUrl, pagesFile, screenshots, loginUrl] = process.argv.slice(2);
const pages = JSON.parse(readFileSync(pagesFile, "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// Each page is loaded once and then shown in each of these; axe looks once at each scheme and each width.
const views = [
  {scheme: "light", width: 1280, hasAxe: true}, {scheme: "dark", width: 1280},
  {scheme: "dark", width: 390, hasAxe: true}, {scheme: "light", width: 390},
];
const withoutScript = {scheme: "light", width: 390, isWithoutScript: true};
const height = 800;
const navigationMilliseconds = 15_000;

let shown = 0;
let current = {page: {path: "(login)"}, view: views[0]};
const report = (text) => {
  const {page, view} = current;
  console.log(`${page.path} (${view.scheme}, ${view.width} px${view.isWithoutScript ? ", no script" : ""}): ${text}`);
};

// What axe says of the page; as text, for the policy stops a script tag.
const axeFindings = async (tab) => {
  if (!await tab.evaluate(() => "axe" in globalThis)) await tab.evaluate(axe);
  const violations = await tab.evaluate(async () =>
    (await globalThis.axe.run(document, {resultTypes: ["violations"], preload: false})).violations.map((violation) =>
      ({id: violation.id, help: violation.help, nodes: violation.nodes.slice(0, 3).map((node) => node.html)})));
  return violations.flatMap(({id, help, nodes}) => nodes.map((html) => `axe ${id}: ${help}: ${html.slice(0, 160)}`));
};

const listen = (tab) => {
  tab.on("console", (message) => {
    // The browser's own line about a status that was asked for.
    if (current.page.status >= 400 && /Failed to load resource/.test(message.text())) return;
    report(`console ${message.type()}: ${message.text()}`);
  });
  tab.on("pageerror", (error) => report(`script error: ${error.message}`));
  tab.on("requestfailed", (request) => report(`not loaded: ${request.url()}`));
};

const load = async (tab, page) => {
  const response = await tab.goto(baseUrl + page.path, {timeout: navigationMilliseconds});
  if (response.status() !== (page.status ?? 200)) report(`status ${response.status()}`);
  if (await tab.locator("h1").count() !== 1) report("not one h1");
};

const keep = async (tab, page, view) => {
  shown += 1;
  if (!screenshots) return;
  const kind = view.isWithoutScript ? "no-script" : view.scheme;
  await tab.screenshot({path: join(screenshots, `${page.name}-${view.width}-${kind}.png`), fullPage: true});
};

const visitPage = async (tab, page) => {
  current = {page, view: views[0]};
  await tab.setViewportSize({width: views[0].width, height});
  await tab.emulateMedia({colorScheme: views[0].scheme});
  await load(tab, page);
  for (const view of views) {
    current = {page, view};
    await tab.setViewportSize({width: view.width, height});
    await tab.emulateMedia({colorScheme: view.scheme});
    if (view.hasAxe) for (const finding of await axeFindings(tab)) report(finding);
    const width = await tab.evaluate(() => document.documentElement.scrollWidth);
    if (width > view.width) report(`${width} px wide`);
    await keep(tab, page, view);
  }
};

const browser = await launchChromium();
try {
  if (screenshots) mkdirSync(screenshots, {recursive: true});
  const context = await browser.newContext({reducedMotion: "reduce"});
  const tab = await context.newPage();
  listen(tab);
  // The link logs in once, and sends to a page.
  if (loginUrl) await tab.goto(loginUrl, {timeout: navigationMilliseconds});
  for (const page of pages) await visitPage(tab, page);

  // The same session without JavaScript.
  const tools = await context.newCDPSession(tab);
  await tools.send("Emulation.setScriptExecutionDisabled", {value: true});
  await tab.setViewportSize({width: withoutScript.width, height});
  await tab.emulateMedia({colorScheme: withoutScript.scheme});
  for (const page of pages) {
    current = {page, view: withoutScript};
    await load(tab, page);
    await keep(tab, page, withoutScript);
  }
} finally {
  await browser.close();
}
console.log(`visited ${pages.length} pages, ${shown} views`);
