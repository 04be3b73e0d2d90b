// Holds bodies of requests against the types of Pipedrive's client: as literals, so that the
// compiler refuses members that the types do not know. Prints each problem; fails when there is one.
// usage: node check_pipedrive_types.mjs FILE, of lines "AddActivityRequest {…}"
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const lines = readFileSync(process.argv[2], "utf8").trim().split("\n");
const literals = lines.map((line, index) => {
  const space = line.indexOf(" ");
  return `export const body_${index}: ${line.slice(0, space)} = ${line.slice(space + 1)};`;
});
const text = `import type { AddActivityRequest, AddDealRequest } from "pipedrive/v2";
${literals.join("\n")}
`;

// The source is here and nowhere on disk, so that its import finds the packages beside this script.
const name = join(dirname(fileURLToPath(import.meta.url)), "recorded_bodies.ts");
const options = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  types: [],
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  target: ts.ScriptTarget.ES2022,
};
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists, readFile } = host;
host.getSourceFile = (path, ...rest) =>
  path === name
    ? ts.createSourceFile(name, text, options.target)
    : getSourceFile.call(host, path, ...rest);
host.fileExists = (path) => path === name || fileExists.call(host, path);
host.readFile = (path) => (path === name ? text : readFile.call(host, path));

const program = ts.createProgram([name], options, host);
const problems = ts.getPreEmitDiagnostics(program);
for (const problem of problems)
  console.log(ts.flattenDiagnosticMessageText(problem.messageText, "\n"));
console.log(`${lines.length} bodies, ${problems.length} problems`);
