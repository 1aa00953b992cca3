// SPDX-License-Identifier: Apache-2.0
// A provider of OpenID Connect for tests: oidc-provider with its pages of login for development.
// usage: node provider.mjs REDIRECT    prints its issuer; whoever logs in as NAME is the sub NAME
import http from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const [redirect] = process.argv.slice(2);

async function key(alg) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: alg };
}

const base = { redirect_uris: [redirect], post_logout_redirect_uris: [], grant_types: ['authorization_code'] };
const clients = [
  { ...base, client_id: 'by-basic', client_secret: 'a secret & more', id_token_signed_response_alg: 'RS256' },
  { ...base, client_id: 'by-curve', client_secret: 'another secret', id_token_signed_response_alg: 'ES256' },
  { ...base, client_id: 'without', token_endpoint_auth_method: 'none' },
];

const server = http.createServer();
server.listen(0, '127.0.0.1', async () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients,
    jwks: { keys: [await key('RS256'), await key('ES256')] },
    cookies: { keys: ['of a test'] },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    pkce: { required: () => true },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.resume().on('end', () => process.exit(0));
