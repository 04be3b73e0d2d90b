// Asks the API of files through a proxy that holds it against its own OpenAPI document (openapi_proxy.mjs).
//
// usage: node files_openapi.mjs BASE_URL TOKEN
// The last line says how much was asked: "asked 30 times, 18 routes".

import {json, openProxy} from "./openapi_proxy.mjs";

const [baseUrl, token] = process.argv.slice(2);
const {call, end} = await openProxy(baseUrl, "/v1/files/openapi.json", token);
const form = (fields) => {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.append(name, value);
  return {body: made};
};
const original = (content) => json([{filename: "a.txt", content}]);
const nobody = {who: {}};
const absent = "/v1/files/00000000-0000-4000-8000-000000000000";

await call("PUT", "/api/upload", original("aGVsbG8="));
await call("PUT", "/api/upload", original("?"));
await call("PUT", "/api/upload", {...original("aGVsbG8="), ...nobody});
await call("PUT", "/api/upload", {body: "x", type: "text/plain"});
const batch = await call("PUT", "/api/upload_temporary", original("aGVsbG8="));
await call("POST", "/upload", form({file: new File(["x"], "b.txt")}));
await call("POST", "/upload", form({unknown: "x"}));
await call("POST", "/upload", {body: "x", type: "text/plain"});
await call("POST", "/upload_temporary", form({file: new File(["x"], "c.txt")}));
const kept = await call("POST", "/v1/files?name=d.txt", {body: "hello"});
await call("POST", "/v1/files", form({temporary: "on", file: new File(["x"], "e.txt")}));
await call("POST", "/v1/files?name=..%2Ff", {body: "hello"});
await call("POST", `/v1/files?name=g&sha256=${"0".repeat(64)}`, {body: "hello"});
const own = `/v1/files/${kept.files[0].id}`;
await call("GET", "/v1/files");
await call("GET", "/v1/files?limit=0");
await call("GET", "/v1/files/quota");
await call("GET", own);
await call("GET", absent);
await call("PATCH", own, json({name: "h.txt", metadata: {a: 1}}));
await call("PATCH", own, json({name: "/"}));
await call("GET", `${own}/content`);
await call("GET", `${own}/content`, {headers: {range: "bytes=1-2"}});
await call("GET", `${own}/content`, {headers: {range: "bytes=99-"}});
await call("POST", `${own}/link`, json({seconds: 60}));
await call("POST", `${own}/link`, json({seconds: 0}));
await call("GET", `${own}/shared?expires=1&signature=x`, nobody);
await call("POST", "/v1/files/persist", json({token: batch.token, reference: {kind: "task", key: "7"}}));
await call("POST", "/v1/files/persist", json({token: batch.token, reference: {kind: "task", key: "8"}}));
await call("POST", "/v1/files/persist", json({token: "dvf_"}));
await call("DELETE", `/v1/files/${batch.files[0].id}`);
const tus = (headers) => ({headers: {"tus-resumable": "1.0.0", ...headers}});
await call("OPTIONS", "/files", nobody);
await call("POST", "/files", tus({"upload-length": "0x"}));
const begun = await call("POST", "/files", tus({"upload-length": "5"}));
const upload = begun.headers.get("location");
const octets = {type: "application/offset+octet-stream"};
await call("OPTIONS", upload, nobody);
await call("HEAD", upload, {...tus(), ...nobody});
await call("HEAD", "/files/a-b", {...tus(), ...nobody});
await call("PATCH", upload, {...tus({"upload-offset": "0"}), ...nobody, ...octets, body: "hel"});
await call("PATCH", upload, {...tus({"upload-offset": "0"}), ...nobody, ...octets, body: "lo"});
await call("GET", `/v1/files?state=receiving`);
await call("DELETE", upload, {...tus(), ...nobody});
await call("PATCH", upload, {...tus({"upload-offset": "3"}), ...nobody, ...octets, body: "lo"});
await call("DELETE", own);
await call("GET", "/v1/files/openapi.json", nobody);
end();
