// The judge of uploads by tus: tus-js-client sends files in each of its ways.
// usage: node tus_client.mjs ENDPOINT TOKEN MODE…; prints a line "MODE SHA256" for each that
// succeeded.
import { createHash } from "node:crypto";
import { connect, createServer } from "node:net";
import { Readable } from "node:stream";
import * as tus from "tus-js-client";

const [endpoint, token, ...modes] = process.argv.slice(2);
const mebibyte = 1024 * 1024;

// Bytes that no other file has, and that differ everywhere.
function makeBytes(name, size) {
  const bytes = Buffer.alloc(size);
  let block = createHash("sha256").update(name).digest();
  for (let at = 0; at < size; at += block.length) {
    block.copy(bytes, at);
    block = createHash("sha256").update(block).digest();
  }
  return bytes;
}

function send(mode, source, options) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(source, {
      endpoint,
      headers: { Authorization: `Bearer ${token}` },
      metadata: { filename: mode, filetype: "image/png" },
      retryDelays: [0, 100, 100, 1000, 1000, 3000, 3000, 3000],
      onError: reject,
      onSuccess: () => resolve(upload),
      ...options,
    });
    upload.start();
  });
}

// Passes bytes on, and cuts each connection after so many.
async function cutting(bytesMax) {
  const target = new URL(endpoint);
  const server = createServer((client) => {
    const onward = connect(Number(target.port), target.hostname);
    const end = () => {
      client.destroy();
      onward.destroy();
    };
    let left = bytesMax;
    client.on("data", (bytes) => {
      left -= bytes.length;
      if (left > 0) onward.write(bytes);
      else end();
    });
    onward.on("data", (bytes) => client.write(bytes));
    for (const socket of [client, onward]) {
      socket.on("error", end);
      socket.on("close", end);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/files`, close: () => server.close() };
}

const ways = {
  buffer: (bytes) => send("buffer", bytes, {}),
  chunks: (bytes) => send("chunks", bytes, { chunkSize: 300_000 }),
  with_data: (bytes) => send("with_data", bytes, { uploadDataDuringCreation: true }),
  with_data_in_chunks: (bytes) =>
    send("with_data_in_chunks", bytes, { uploadDataDuringCreation: true, chunkSize: 1_000_000 }),
  stream: (bytes) =>
    send("stream", Readable.from([bytes]), { chunkSize: 500_000, uploadSize: bytes.length }),
  deferred: (bytes) =>
    send("deferred", Readable.from([bytes]), { chunkSize: 500_000, uploadLengthDeferred: true }),
  overridden: (bytes) => send("overridden", bytes, { overridePatchMethod: true }),
  empty: (bytes) => send("empty", bytes, {}),
  cut: async (bytes) => {
    const proxy = await cutting(mebibyte);
    const upload = await send("cut", bytes, { endpoint: proxy.url });
    proxy.close();
    return upload;
  },
  // Slowly enough for whoever kills the server meanwhile.
  killed: (bytes) => send("killed", bytes, { chunkSize: mebibyte }),
};
const sizes = { empty: 0, cut: 4 * mebibyte + 7, killed: 14 * mebibyte + 5 };

for (const mode of modes) {
  const bytes = makeBytes(mode, sizes[mode] ?? 3 * mebibyte + 3);
  await ways[mode](bytes);
  console.log(`${mode} ${createHash("sha256").update(bytes).digest("hex")}`);
}
process.exit(0);
