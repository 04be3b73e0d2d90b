// Serves a stand-in of Pipedrive's API, version 2, on loopback; README.md says how its state is
// changed.
// usage: node server.mjs [--port N]
// Prints {"url": …}, and serves until its input ends or SIGTERM comes.
import { parseArgs } from "node:util";

import { Standin } from "./standin.mjs";

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });

const standin = new Standin();
const stop = () => {
  standin.stop();
  process.exit(0);
};
process.on("SIGTERM", stop);
process.stdin.on("end", stop).resume();
console.log(JSON.stringify({ url: await standin.listen(Number(values.port)) }));
