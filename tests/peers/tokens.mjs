// Tokens that jose signs, right ones and one for each pitfall of RFC 8725, with their keys. A line
// each: "key ID ALG BASE64-OF-FILE", "jwks BASE64", "token NAME TOKEN".
import { createHmac, createSign } from "node:crypto";
import * as jose from "jose";

const now = Math.floor(Date.now() / 1000);
const base64 = (text) => Buffer.from(text).toString("base64");
const base64url = (value) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const say = (...words) => console.log(words.join(" "));

const rsa = await jose.generateKeyPair("RS256", { extractable: true });
const other = await jose.generateKeyPair("RS256", { extractable: true });
const ec = await jose.generateKeyPair("ES256", { extractable: true });
const p384 = await jose.generateKeyPair("ES384", { extractable: true });
const secret = "a shared secret of at least thirty-two bytes";
const pem = await jose.exportSPKI(rsa.publicKey);

say("key", "rsa", "RS256", base64(pem));
say("key", "ec", "ES256", base64(await jose.exportSPKI(ec.publicKey)));
say("key", "shared", "HS256", base64(secret));
say("key", "p384", "ES256", base64(await jose.exportSPKI(p384.publicKey)));
const jwk = async (key, kid, alg, more) => ({ ...(await jose.exportJWK(key)), kid, alg, ...more });
const set = (...keys) => base64(JSON.stringify({ keys }));
say("jwks", set(await jwk(rsa.publicKey, "rsa", "RS256", { use: "sig" }),
                await jwk(ec.publicKey, "ec", "ES256")));
say("rotated", set(await jwk(other.publicKey, "other", "RS256")));
say("private", set(await jwk(rsa.privateKey, "rsa", "RS256")));

const claims = { iss: "https://devy.example", aud: "devy-upload", sub: "alice", iat: now, exp: now + 300 };
const rs256 = { alg: "RS256", kid: "rsa", typ: "JWT" };
const sign = (payload, header = rs256, key = rsa.privateKey) =>
  new jose.SignJWT(payload).setProtectedHeader(header).sign(key);
const token = async (name, promise) => say("token", name, await promise);
const without = (name) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));

// What is signed by no library: the header and payload as given, by the RSA key.
const by_hand = (header, payload) => {
  const message = `${base64url(header)}.${base64url(payload)}`;
  const key = createSign("RSA-SHA256").update(message);
  return jose.exportPKCS8(rsa.privateKey).then((text) => `${message}.${key.sign(text, "base64url")}`);
};
await token("rsa", sign(claims));
await token("ec", sign(claims, { alg: "ES256", kid: "ec" }, ec.privateKey));
await token("shared", sign(claims, { alg: "HS256", kid: "shared" }, Buffer.from(secret)));
await token("jti", sign({ ...claims, jti: "5f2c9c1e-4b1d-4d8e-9d0a-0a6f7c1f2b3d" }));
for (const [name, jti] of [["empty_jti", ""], ["number_jti", 7], ["long_jti", "x".repeat(129)], ["odd_jti", "a b"], ["control_jti", "a\u001bb"]])
  await token(name, by_hand(rs256, { ...claims, jti }));
await token("audiences", sign({ ...claims, aud: ["another", "devy-upload"] }));
await token("other", sign(claims, { alg: "RS256", kid: "other" }, other.privateKey));

await token("none", `${base64url({ alg: "none", kid: "rsa" })}.${base64url(claims)}.`);
await token("None", `${base64url({ alg: "None", kid: "rsa" })}.${base64url(claims)}.`);
// The public key of RS256 as the secret of HS256.
const confused = `${base64url({ alg: "HS256", kid: "rsa" })}.${base64url(claims)}`;
await token("confused", `${confused}.${createHmac("sha256", pem).update(confused).digest("base64url")}`);
await token("other_algorithm", sign(claims, { alg: "RS512", kid: "rsa" }, await jose.importPKCS8(await jose.exportPKCS8(rsa.privateKey), "RS512")));
await token("wrong_key", sign(claims, rs256, other.privateKey));
await token("own_key", sign(claims, { alg: "RS256", kid: "rsa", jwk: await jose.exportJWK(other.publicKey) }, other.privateKey));
const addresses = { jku: "https://evil.example/jwks", x5u: "https://evil.example/cert" };
await token("addressed", sign(claims, { ...rs256, ...addresses }));
await token("addressed_elsewhere", sign(claims, { ...rs256, ...addresses }, other.privateKey));
await token("no_kid", sign(claims, { alg: "RS256" }));
await token("unknown_kid", sign(claims, { alg: "RS256", kid: "nobody" }));
await token("path_kid", sign(claims, { alg: "RS256", kid: "../../etc/passwd" }));
await token("crit", by_hand({ alg: "RS256", kid: "rsa", crit: ["exp"] }, claims));
await token("other_type", sign(claims, { ...rs256, typ: "logout+jwt" }));
await token("twice_header", by_hand('{"alg":"RS256","alg":"RS256","kid":"rsa"}', claims));
await token("twice_claim", by_hand(rs256, JSON.stringify(claims).replace("{", '{"sub":"mallory",')));
await token("expired", sign({ ...claims, iat: now - 400, exp: now - 61 }));
await token("expired_within_leeway", sign({ ...claims, iat: now - 300, exp: now - 30 }));
await token("future", sign({ ...claims, iat: now + 120, exp: now + 300 }));
await token("not_before", sign({ ...claims, nbf: now + 120 }));
await token("too_long", sign({ ...claims, exp: now + 601 }));
await token("backwards", sign({ ...claims, iat: now + 10, exp: now }));
await token("text_exp", by_hand(rs256, { ...claims, exp: String(now + 300) }));
await token("endless", by_hand(rs256, JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e400')));
for (const name of Object.keys(claims)) await token(`no_${name}`, sign(without(name)));
await token("other_issuer", sign({ ...claims, iss: "https://devy.example.evil" }));
await token("other_audience", sign({ ...claims, aud: "devy-upload-2" }));
await token("empty_subject", sign({ ...claims, sub: "" }));
await token("long", sign({ ...claims, padding: "x".repeat(8192) }));
