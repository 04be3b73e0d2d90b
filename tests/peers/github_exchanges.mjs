// Every exchange of @octokit/fixtures, recorded at GitHub: a line of JSON each, its body as text.
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

const main = createRequire(import.meta.url).resolve("@octokit/fixtures");
const folder = join(dirname(main), "scenarios", "api.github.com");
for (const scenario of readdirSync(folder).sort()) {
  const file = join(folder, scenario, "normalized-fixture.json");
  for (const { method, path, status, headers, response } of JSON.parse(readFileSync(file))) {
    const body = typeof response === "string" ? response : JSON.stringify(response);
    const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    console.log(JSON.stringify({ scenario, method: method.toUpperCase(), path, status, headers: texts, body }));
  }
}
