// Uses the page of files as people do and says, a line each, where it does something else than it should: files
// are sent while the form is open, over a cut line and over a reload; the form keeps them; and all without a script.
//
// usage: node use_files.mjs BASE_URL LOGIN_URL SCREENSHOTS_FOLDER
// The last line says how much was done: "used the files, 24 checks".

import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {launchChromium} from "./chromium.mjs";

const [baseUrl, loginUrl, screenshots] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const mebibyte = 1024 * 1024;
let checks = 0;
const check = (isTrue, text) => {
  checks += 1;
  if (!isTrue) console.log(text);
};

mkdirSync(screenshots, {recursive: true});
const folder = mkdtempSync(join(tmpdir(), "devy-files-"));
const file = (name, bytes) => {
  const path = join(folder, name);
  writeFileSync(path, Buffer.alloc(bytes, name));
  return path;
};
const browser = await launchChromium();
const context = await browser.newContext({viewport: {width: 1280, height: 800}, reducedMotion: "reduce"});
const tab = await context.newPage();
// The browser has a line of its own for a request that was cut.
tab.on("console", (message) => {
  if (!/Failed to load resource/.test(message.text())) console.log(`console: ${message.text()}`);
});
tab.on("pageerror", (error) => console.log(`script error: ${error.message}`));

const look = async (name) => {
  for (const scheme of ["light", "dark"])
    for (const width of [1280, 390]) {
      await tab.setViewportSize({width, height: 800});
      await tab.emulateMedia({colorScheme: scheme});
      await tab.screenshot({path: join(screenshots, `${name}-${width}-${scheme}.png`), fullPage: true});
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
      check(wide <= width, `${name} is ${wide} px wide at ${width}`);
      // Each scheme and each width once.
      if ((scheme === "dark") !== (width === 390)) continue;
      if (!await tab.evaluate(() => "axe" in globalThis)) await tab.evaluate(axe);
      const found = await tab.evaluate(async () =>
        (await globalThis.axe.run(document, {resultTypes: ["violations"], preload: false})).violations.map((each) =>
          `${each.id}: ${each.nodes[0].html.slice(0, 160)}`));
      check(found.length === 0, `${name}: axe ${found.join("; ")}`);
    }
  await tab.setViewportSize({width: 1280, height: 800});
  await tab.emulateMedia({colorScheme: "light"});
};

const control = tab.locator("input[data-devy-upload]");
const line = (name) => tab.locator("ul.talk > li", {hasText: name});
const uploaded = (name) => tab.locator("li[data-uploaded]", {hasText: name}).waitFor();
const stateOf = async (name) => (await tab.locator("tbody tr", {hasText: name}).locator(".st").textContent()).trim();
const upload = async () => {
  await Promise.all([tab.waitForURL(/done=/), tab.locator("button.go").click()]);
};

// What PATCH does: "pass", "cut" or "hold", which lets it wait until the page is gone.
let network = "pass";
await tab.route("**/files/*", async (route) => {
  if (route.request().method() !== "PATCH" || network === "pass") return route.continue();
  if (network === "cut") return route.abort("connectionreset");
});

try {
  await tab.goto(loginUrl);
  await tab.goto(`${baseUrl}/files`);
  check(/There is no file yet/.test(await tab.locator("main").textContent()), "an empty list does not say so");

  // Two files and one that is empty, sent while the form is open, kept by it.
  await control.setInputFiles([file("frost.txt", 3 * mebibyte), file("minutes.txt", 7), file("empty.txt", 0)]);
  for (const name of ["frost.txt", "minutes.txt", "empty.txt"]) await uploaded(name);
  const tokens = await tab.locator("input[name=upload_token]").evaluateAll((all) => all.map((each) => each.value));
  check(tokens.length === 3 && new Set(tokens).size === 1, `one token for a form, not ${new Set(tokens).size}`);
  await look("files-uploaded");
  await tab.locator("li[data-uploaded]", {hasText: "minutes.txt"}).locator("button").click();
  await tab.locator("li[data-uploaded]", {hasText: "minutes.txt"}).waitFor({state: "detached"});
  await upload();
  check(await stateOf("frost.txt") === "permanent", "the form did not keep what was uploaded");
  check(await tab.locator("tbody tr", {hasText: "minutes.txt"}).count() === 0, "what was removed is there");

  // The line is cut, then comes back; the form waits for it.
  network = "cut";
  await control.setInputFiles([file("walk.txt", 2 * mebibyte)]);
  await line("walk.txt").getByText("connection lost").waitFor();
  await look("files-cut");
  await tab.locator("button.go").click();
  check(await tab.getByText("Sent when all files are uploaded").isVisible(), "the form does not say that it waits");
  network = "pass";
  await Promise.all([tab.waitForURL(/done=/), tab.evaluate(() => dispatchEvent(new Event("online")))]);
  check(await stateOf("walk.txt") === "permanent", "the form did not wait for its file");

  // A reload in the middle: whoever chooses the file again goes on with the same upload.
  network = "hold";
  const scan = file("scan.txt", 2 * mebibyte);
  const created = [];
  tab.on("request", (request) => { if (request.method() === "POST" && /\/files$/.test(request.url())) created.push(request.url()); });
  await control.setInputFiles([scan]);
  await line("scan.txt").getByText("sending").waitFor();
  await tab.reload();
  check(await tab.getByText("Not sent yet: scan.txt").isVisible(), "a reload forgets what was under way");
  await look("files-reloaded");
  network = "pass";
  await control.setInputFiles([scan]);
  await uploaded("scan.txt");
  check(created.length === 1, `the upload was begun ${created.length} times`);
  await tab.locator("input[name=temporary]").check();
  await upload();
  check(await stateOf("scan.txt") === "temporary", "what is to be temporary was kept");

  // What is refused says why; what is cancelled is gone.
  await control.setInputFiles([file("large.txt", 9 * mebibyte)]);
  await line("large.txt").getByText("too large").waitFor();
  await look("files-refused");
  await line("large.txt").getByRole("button").click();
  network = "hold";
  await control.setInputFiles([file("stop.txt", 2 * mebibyte)]);
  await line("stop.txt").getByText("sending").waitFor();
  await Promise.all([tab.waitForResponse((response) => response.request().method() === "DELETE"),
    line("stop.txt").getByRole("button").click()]);
  network = "pass";
  await tab.goto(`${baseUrl}/files`);
  check(await tab.locator("tbody tr", {hasText: "stop.txt"}).count() === 0, "what was cancelled is there");

  // Acts and filters of the list.
  await tab.locator("tbody tr", {hasText: "scan.txt"}).getByRole("button", {name: "Keep"}).click();
  check(await stateOf("scan.txt") === "permanent", "Keep does not keep");
  await tab.locator("tbody tr", {hasText: "walk.txt"}).getByRole("button", {name: "Delete"}).click();
  await tab.goto(`${baseUrl}/files?state=deleted`);
  await tab.locator("tbody tr", {hasText: "walk.txt"}).getByRole("button", {name: "Restore"}).click();
  check(await stateOf("walk.txt") === "permanent", "Restore does not restore");
  await look("files-list");
  const [download] = await Promise.all([tab.waitForEvent("download"),
    tab.locator("tbody th a", {hasText: "walk.txt"}).click()]);
  check(readFileSync(await download.path()).length === 2 * mebibyte, "a download is another");

  // The same without a script.
  const tools = await context.newCDPSession(tab);
  await tools.send("Emulation.setScriptExecutionDisabled", {value: true});
  await tab.goto(`${baseUrl}/files`);
  await control.setInputFiles([file("plain.txt", 5), file("second.txt", 6)]);
  await upload();
  check(await stateOf("plain.txt") === "permanent" && await stateOf("second.txt") === "permanent",
    "nothing is uploaded without a script");
  await tab.locator("button.go").click();
  check(/Choose a file first/.test(await tab.locator("main").textContent()), "an empty form is not told what to do");
} finally {
  await browser.close();
  rmSync(folder, {recursive: true});
}
console.log(`used the files, ${checks} checks`);
