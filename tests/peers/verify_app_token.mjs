// Verifies a token as GitHub does an App's: prints its issuer, and its life in seconds.
// usage: node verify_app_token.mjs PUBLIC-KEY-FILE TOKEN NOW
import { readFileSync } from "node:fs";
import * as jose from "jose";

const [file, token, now] = process.argv.slice(2);
const key = await jose.importSPKI(readFileSync(file, "utf8"), "RS256");
const { payload, protectedHeader } = await jose.jwtVerify(token, key, {
  algorithms: ["RS256"], currentDate: new Date(Number(now) * 1000), maxTokenAge: 600,
});
console.log(`${protectedHeader.alg} ${payload.iss} ${payload.exp - payload.iat}`);
