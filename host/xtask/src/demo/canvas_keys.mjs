// Stands in for Instructure: makes an RSA key that lives as long as this process, and signs live events with it as Canvas does.
// Reads {"events": [...]} from standard input; prints {"jwks": {...}, "tokens": ["...", ...]}.
import { createSign, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";

const { events } = JSON.parse(readFileSync(0, "utf8"));
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const kid = new Date().toISOString();
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const tokens = events.map((event) => {
  const input = `${part({ alg: "RS256", typ: "JWT", kid })}.${part(event)}`;
  return `${input}.${createSign("RSA-SHA256").update(input).sign(privateKey).toString("base64url")}`;
});
const jwk = { ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" };
console.log(JSON.stringify({ jwks: { keys: [jwk] }, tokens }));
