// A certified OpenID provider for tests: node provider.mjs '{"port":…,"cert":"…","key":"…","clients":[…],"accounts":{…}}'
// Says "ready" when it listens. Lines on stdin, each answered with "ok": rotate | account NAME JSON | remove NAME
import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const settings = JSON.parse(process.argv[2]);
const issuer = `https://localhost:${settings.port}`;
const accounts = new Map(Object.entries(settings.accounts));
let keys = [newKey()];

function newKey() {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return { ...key, use: 'sig', alg: 'RS256', kid: `key-${Math.random().toString(36).slice(2)}` };
}

// Common to all instances in this process: another one with other keys goes on with the same sessions.
const store = new Map();

class Adapter {
  constructor(model) {
    this.key = (id) => `${model} ${id}`;
    this.mine = () => [...store].filter(([key]) => key.startsWith(`${model} `));
  }

  async upsert(id, payload) {
    store.set(this.key(id), payload);
  }

  async find(id) {
    return store.get(this.key(id));
  }

  async findByUid(uid) {
    return this.mine().find(([, payload]) => payload.uid === uid)?.[1];
  }

  async findByUserCode(userCode) {
    return this.mine().find(([, payload]) => payload.userCode === userCode)?.[1];
  }

  async consume(id) {
    store.get(this.key(id)).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    store.delete(this.key(id));
  }

  async revokeByGrantId(grantId) {
    for (const [key, payload] of store) {
      if (payload.grantId === grantId) {
        store.delete(key);
      }
    }
  }
}

function make() {
  const provider = new Provider(issuer, {
    adapter: Adapter,
    clients: settings.clients,
    jwks: { keys },
    cookies: { keys: ['a key of the tests'] },
    pkce: { required: () => true },
    scopes: ['openid', 'offline_access', 'profile', 'roles'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], roles: ['roles', 'depots', 'lines', 'classes'] },
    conformIdTokenClaims: settings.conform ?? false,
    issueRefreshToken: async () => true,
    features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    findAccount: (_, id) => (accounts.has(id) ? { accountId: id, claims: () => ({ sub: id, ...accounts.get(id) }) } : undefined),
  });
  return provider.callback();
}

let answer = make();
createServer({ cert: readFileSync(settings.cert), key: readFileSync(settings.key) }, (request, response) => answer(request, response))
  .listen(settings.port, '127.0.0.1', () => console.log('ready'));

createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, name, ...rest] = line.split(' ');
  if (command === 'rotate') {
    keys = [newKey()];
    answer = make();
  } else if (command === 'account') {
    accounts.set(name, JSON.parse(rest.join(' ')));
  } else if (command === 'remove') {
    accounts.delete(name);
  }
  console.log('ok');
}).on('close', () => process.exit(0));
