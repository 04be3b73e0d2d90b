// Uses the console as its operators do and says, a line each, where it does something else than it
// should: by the keys alone, from the login to what became of a replay; an act on all that match, whose
// number is typed; and the same without JavaScript.
//
// usage: node use_console.mjs BASE_URL LOGIN_URL SCREENSHOTS_FOLDER
// Failed operations, and waiting ones of the kind "many", more than a hundred, are there.
// The last line says how much was done: "used the console, 24 checks".

import {mkdirSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import {launchChromium} from "./chromium.mjs";

const [baseUrl, loginUrl, screenshots] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tabsMax = 200;
let checks = 0;
const check = (isTrue, text) => {
  checks += 1;
  if (!isTrue) console.log(text);
};

mkdirSync(screenshots, {recursive: true});
const browser = await launchChromium();
const context = await browser.newContext({viewport: {width: 1280, height: 800}, reducedMotion: "reduce"});
const tab = await context.newPage();
// The browser has a line of its own for a form that was refused.
tab.on("console", (message) => {
  if (!/status of 422/.test(message.text())) console.log(`console: ${message.text()}`);
});
tab.on("pageerror", (error) => console.log(`script error: ${error.message}`));

const look = async (name) => {
  for (const width of [1280, 390]) {
    await tab.setViewportSize({width, height: 800});
    await tab.screenshot({path: join(screenshots, `${name}-${width}.png`), fullPage: true});
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
    check(wide <= width, `${name} is ${wide} px wide at ${width}`);
  }
  await tab.setViewportSize({width: 1280, height: 800});
  if (!await tab.evaluate(() => "axe" in globalThis)) await tab.evaluate(axe);
  const found = await tab.evaluate(async () =>
    (await globalThis.axe.run(document, {resultTypes: ["violations"], preload: false})).violations.map((each) =>
      `${each.id}: ${each.nodes[0].html.slice(0, 160)}`));
  check(found.length === 0, `${name}: axe ${found.join("; ")}`);
};

// Tabs on to what the words name; by its text, value or label.
const tabTo = async (words) => {
  for (let count = 0; count < tabsMax; ++count) {
    await tab.keyboard.press("Tab");
    const name = await tab.evaluate(() => {
      const element = document.activeElement;
      return element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent;
    });
    if (words.test(name.trim())) return;
  }
  throw new Error(`no way to ${words} by the keys at ${tab.url()}`);
};
const enter = async () => {
  await Promise.all([tab.waitForNavigation(), tab.keyboard.press("Enter")]);
};

try {
  await tab.goto(loginUrl);
  await tabTo(/^Operations/);
  await enter();
  await tabTo(/^Failed/);
  await enter();
  check(/state=failed/.test(tab.url()), `the chip leads to ${tab.url()}`);
  await tabTo(/^Select .*failed/);
  await tab.keyboard.press("Space");
  check(await tab.locator("[data-count]").textContent() === "1 selected", "one row is selected, and not counted");
  await tabTo(/^Replay…/);
  await enter();
  check(await tab.locator("h1").textContent() === "Replay 1 operation?", `asks: ${await tab.locator("h1").textContent()}`);
  await look("confirm-selection");
  await tabTo(/^Reason/);
  await tab.keyboard.type("the disk has room again");
  await tabTo(/^Replay 1 operation/);
  await enter();
  check(/Replayed 1 of 1\./.test(await tab.locator("main").textContent()), "nothing says that it was done");
  await look("bulk-done");

  await tab.goto(`${baseUrl}/operations?kind=many`);
  await tabTo(/^the selected ones/);
  await tab.keyboard.press("ArrowDown");
  await tabTo(/^Cancel…/);
  await enter();
  const title = await tab.locator("h1").textContent();
  const number = title.replace(/\D/g, "");
  check(Number(number) > 100, `asks: ${title}`);
  await tab.getByLabel("Reason").fill("the wrong list");
  await tab.getByLabel(/^Type/).fill("7");
  await Promise.all([tab.waitForNavigation(), tab.keyboard.press("Enter")]);
  check(await tab.getByLabel("Reason").inputValue() === "the wrong list", "the reason was forgotten");
  check(/7 is not the number above/.test(await tab.locator(".err").textContent()), "a wrong number is not refused");
  await look("confirm-typed");
  await tab.getByLabel(/^Type/).fill(number);
  await Promise.all([tab.waitForNavigation(), tab.keyboard.press("Enter")]);
  check(new RegExp(`Cancelled ${number} of ${number}\\.`).test(await tab.locator("main").textContent()),
    "nothing says that all were cancelled");

  const tools = await context.newCDPSession(tab);
  await tools.send("Emulation.setScriptExecutionDisabled", {value: true});
  await tab.goto(`${baseUrl}/operations?state=failed`);
  await tab.locator("button[value=replay]").click();
  check(/Nothing is selected/.test(await tab.locator("main").textContent()), "an empty selection is not told");
  await tab.locator("input[name=id]").first().check();
  await tab.locator("button[value=replay]").click();
  await tab.getByLabel("Reason").fill("without a script");
  await tab.locator("form.rows button").click();
  check(/Replayed 1 of 1\./.test(await tab.locator("main").textContent()), "nothing is done without a script");
} finally {
  await browser.close();
}
console.log(`used the console, ${checks} checks`);
