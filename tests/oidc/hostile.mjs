// SPDX-License-Identifier: Apache-2.0
// A provider that does what it is told, for tests of what must be refused.
// usage: node hostile.mjs    prints its issuer; POST /tell takes JSON:
//   claims   members of the next id tokens, over the right ones; null leaves a member out
//   sign     right, none, secret (HS256 by the public key), other (a key nobody knows), brought
//            (another key, in the header), broken, cut
//   rotate   true: a new key from now on
//   at       answers of a path instead of the right ones: {path: {status, text, repeat, wait, to}}
// GET /seen: how often each path was asked, and the form of the last exchange
import http from 'node:http';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';

let n = 0;
async function makeKey() {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const kid = `k${++n}`;
  return { ...pair, kid, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

let key = await makeKey();
const other = await makeKey();
let told = {};
let seen = {};
let form = {};
let nonce = '';
let issuer = '';

const encode = (x) => Buffer.from(JSON.stringify(x)).toString('base64url');

async function token(client) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: client, sub: 's-1', nonce, iat: now, exp: now + 300, ...told.claims };
  for (const [k, v] of Object.entries(claims)) if (v === null) delete claims[k];
  const sign = (k, header) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...header }).sign(k.privateKey);
  const good = await sign(key, { kid: key.kid });
  switch (told.sign) {
    case 'none': return `${encode({ alg: 'none' })}.${encode(claims)}.`;
    case 'secret': return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: key.kid })
      .sign(Buffer.from(await exportSPKI(key.publicKey)));
    case 'other': return sign(other, { kid: key.kid });
    case 'unknown': return sign(other, { kid: other.kid });
    case 'brought': return sign(other, { jwk: other.jwk });
    case 'broken': return good.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')).replace(/\.(.)/, '.$1x');
    case 'cut': return good.split('.').slice(0, 2).join('.');
    default: return good;
  }
}

async function answer(path, body) {
  if (path === '/.well-known/openid-configuration') {
    return { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys`, ...told.config };
  }
  if (path === '/keys') return { keys: [key.jwk] };
  if (path === '/seen') return { seen, form };
  if (path === '/tell') {
    told = JSON.parse(body);
    if (told.rotate) key = await makeKey();
    if (told.forget) seen = {};
    nonce = told.nonce ?? nonce;
    return {};
  }
  form = Object.fromEntries(new URLSearchParams(body));
  return { access_token: 'x', token_type: 'Bearer', id_token: await token('tizhi') };
}

const server = http.createServer((request, response) => {
  const parts = [];
  const path = request.url.split('?')[0];
  seen[path] = (seen[path] ?? 0) + 1;
  request.on('data', (x) => parts.push(x)).on('end', async () => {
    const instead = told.at?.[path];
    const text = instead?.text ?? JSON.stringify(await answer(path, Buffer.concat(parts).toString()));
    if (instead?.wait) return; // for ever
    response.writeHead(instead?.status ?? 200, { 'Content-Type': 'application/json', ...(instead?.to ? { Location: instead.to } : {}) });
    response.end(text.repeat(instead?.repeat ?? 1));
  });
});
server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  console.log(issuer);
});
process.stdin.resume().on('end', () => process.exit(0));
