// The browser that tests of pages use: Debian's chromium, or the one that DEVY_CHROMIUM names.

import {execFileSync} from "node:child_process";
import {chromium} from "playwright-core";

export const launchChromium = () => chromium.launch({
  executablePath: process.env.DEVY_CHROMIUM ??
    execFileSync("sh", ["-c", "command -v chromium"], {encoding: "utf8"}).trim(),
  // Chromium's own sandbox wants another user than root.
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});
