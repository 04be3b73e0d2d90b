// Connects a repository in Chromium as a user does who was never here: logs in by GitHub, allows
// webhooks, fills the form, and sees the first upload come to its end without loading the page anew.
// Says what is wrong, a line each: what axe finds, pages wider than the window, the console.
//
// usage: node connect_blog.mjs BASE_URL REPOSITORY SCREENSHOTS_FOLDER
// The last line is where it ended: "connected http://…/blogs/ada/notes".

import {mkdirSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import {launchChromium} from "./chromium.mjs";

const [baseUrl, repository, screenshots] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const patience = {timeout: 60_000};
mkdirSync(screenshots, {recursive: true});

const browser = await launchChromium();
const context = await browser.newContext({reducedMotion: "reduce"});
const tab = await context.newPage();
tab.on("console", (message) => {
  if (!/status of 422/.test(message.text())) console.log(`console: ${message.text()}`);
});
tab.on("pageerror", (error) => console.log(`script error: ${error.message}`));

// A picture of the page, light and wide, dark and narrow; and what is wrong with it.
const look = async (name) => {
  for (const [colorScheme, width] of [["light", 1280], ["dark", 390]]) {
    await tab.emulateMedia({colorScheme});
    await tab.setViewportSize({width, height: 800});
    await tab.evaluate(axe);
    const violations = await tab.evaluate(async () =>
      (await globalThis.axe.run(document, {resultTypes: ["violations"], preload: false})).violations
        .map(({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 160)}`));
    for (const violation of violations) console.log(`${name} (${colorScheme}, ${width} px): axe ${violation}`);
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) console.log(`${name}: ${wide} px wide in ${width}`);
    await tab.screenshot({path: join(screenshots, `${name}-${width}.png`), fullPage: true});
  }
  await tab.setViewportSize({width: 1280, height: 800});
};

try {
  await tab.goto(`${baseUrl}/blogs`);
  await tab.getByRole("link", {name: "Continue with GitHub"}).click();
  await look("connect-0-blogs");
  await tab.getByRole("link", {name: "Connect a repository"}).first().click();
  await look("connect-1-ask");
  await tab.getByRole("link", {name: "Allow it at GitHub"}).click();
  await tab.getByLabel("Repository").fill("no repository at all");
  await tab.getByRole("button", {name: "Connect"}).click();
  await tab.getByText("Write it as owner/name").waitFor(patience);
  await look("connect-2-refused");
  await tab.getByLabel("Repository").fill(repository);
  await tab.getByRole("button", {name: "Connect"}).click();
  await tab.waitForURL(/done=connected/, patience);
  // The page follows the upload and the webhook by itself.
  await tab.locator(".head .st", {hasText: "completed"}).waitFor(patience);
  await tab.locator("dl.kv", {hasText: "installed "}).waitFor(patience);
  await look("connect-3-blog");
  await tab.getByRole("link", {name: "Disconnect…"}).click();
  await look("connect-4-disconnect");
  await tab.goBack();
  console.log(`connected ${tab.url().split("?")[0]}`);
} finally {
  await browser.close();
}
