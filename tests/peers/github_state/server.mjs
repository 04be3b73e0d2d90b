// Serves a stand-in of GitHub's REST API on loopback; README.md says how its state is changed.
// usage: node server.mjs [--port N] [--strict] [--until-killed]
// Prints {"url": …}, and serves until its input ends or SIGTERM comes.
import { parseArgs } from "node:util";

import { Standin } from "./standin.mjs";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    strict: { type: "boolean", default: false },
    "until-killed": { type: "boolean", default: false },
  },
});

const standin = new Standin({ isStrict: values.strict });
const stop = () => {
  standin.stop();
  process.exit(0);
};
process.on("SIGTERM", stop);
if (!values["until-killed"]) process.stdin.on("end", stop).resume();
console.log(JSON.stringify({ url: await standin.listen(Number(values.port)) }));
