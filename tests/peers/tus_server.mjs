// @tus/server as a server of its own, for scripts/bench: prints its address.
// usage: node tus_server.mjs FOLDER
import { createServer } from "node:http";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const peer = new Server({ path: "/files", datastore: new FileStore({ directory: process.argv[2] }) });
const listening = createServer((request, response) => peer.handle(request, response));
listening.listen(0, "127.0.0.1", () => console.log(`127.0.0.1:${listening.address().port}`));
