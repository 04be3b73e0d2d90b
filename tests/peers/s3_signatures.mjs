// usage: s3_signatures.mjs COUNT SEED
// Random requests to S3, signed by Amazon's own signer: a line of JSON for each, with the header
// Authorization and the address that it makes of it.
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

// The signer wants a hash; that of node needs no package.
class Sha256 {
  constructor(key) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }
  update(data) {
    this.hash.update(data);
  }
  async digest() {
    return new Uint8Array(this.hash.digest());
  }
}

const [count, seed] = process.argv.slice(2).map(Number);
let state = seed;
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const letters = [...'abcXYZ019-._~ !"#$%&\'()*+,/:;<=>?@[]^`{|}äß漢😀'];
const word = (longest, from = letters) =>
  Array.from({ length: 1 + random(longest) }, () => from[random(from.length)]).join('');
const plain = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
const encoded = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());
const without = ({ ...all }, name) => (delete all[name], all);

for (let n = 0; n < count; ++n) {
  const credentials = { accessKeyId: word(20, plain), secretAccessKey: word(40) };
  if (random(2)) credentials.sessionToken = word(60);
  const region = word(12, plain);
  const signer = new SignatureV4({
    service: 's3', region, credentials, sha256: Sha256, uriEscapePath: false, applyChecksum: true,
  });
  const date = new Date(1e12 + random(2 ** 31) * 1000);
  const path = '/' + Array.from({ length: 1 + random(4) }, () => word(12).replaceAll('/', '')).join('/');
  const query = {};
  for (let i = random(5); i > 0; --i) query[word(8)] = random(4) ? word(20) : '';
  const headers = {};
  for (let i = random(4); i > 0; --i)
    headers['X-Amz-Meta-' + word(6, plain)] = word(10, [...'ab12  \t,;=']) + 'x';
  if (random(2)) headers['content-type'] = 'application/' + word(5, plain);
  const host = word(10, plain) + '.example' + (random(2) ? ':' + (1 + random(60000)) : '');
  const method = ['GET', 'PUT', 'POST', 'HEAD', 'DELETE'][random(5)];
  const payload = random(2) ? 'UNSIGNED-PAYLOAD' : word(64, [...'0123456789abcdef']);
  const expires = 1 + random(604800);
  const request = {
    method, protocol: 'https:', hostname: host, path: path.split('/').map(encoded).join('/'), query,
  };
  const all = { ...headers, host, 'x-amz-content-sha256': payload };
  const signed = await signer.sign({ ...request, headers: all }, { signingDate: date });
  // Only what is not of Amazon's own stays a header of a presigned request.
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !/^x-amz-/i.test(name)));
  const presigned = await signer.presign(
    { ...request, headers: { ...own, host, 'X-Amz-Content-Sha256': payload } },
    { signingDate: date, expiresIn: expires },
  );
  console.log(JSON.stringify({
    method, host, path, region, payload, expires, own, headers, query: Object.entries(query),
    access_key: credentials.accessKeyId, secret_key: credentials.secretAccessKey,
    session_token: credentials.sessionToken ?? '', seconds: date.getTime() / 1000,
    authorization: signed.headers.authorization,
    signature: presigned.query['X-Amz-Signature'],
    presigned: Object.entries(without(presigned.query, 'X-Amz-Signature'))
      .map(([name, value]) => encoded(name) + '=' + encoded(value)).sort().join('&'),
  }));
}
