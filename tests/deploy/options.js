// Every option that deploy/ and docs/self-hosting.md name is one that mcpr-relay has, and every file that the page names is here.
// From the root of the repository: mcpr-relay --help | node options.js

import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const PAGE = 'docs/self-hosting.md';
const flags = new Set((await text(process.stdin)).match(/--[a-z][a-z-]+/g));
assert.ok(flags.has('--domain'));

for (const file of [PAGE, ...globSync('deploy/**/*')].filter(file => statSync(file).isFile())) {
  for (const [variable, option] of readFileSync(file, 'utf8').matchAll(/\bMCPR_RELAY_([A-Z_]+[A-Z])\b/g)) {
    assert.ok(flags.has(`--${option.toLowerCase().replaceAll('_', '-')}`), `${file}: ${variable}`);
  }
}

const file = 'deploy/systemd/relay.toml';
for (const [, key] of readFileSync(file, 'utf8').matchAll(/^(\w+) = /gm)) assert.ok(flags.has(`--${key.replaceAll('_', '-')}`), `${file}: ${key}`);

const page = readFileSync(PAGE, 'utf8');
for (const [, file] of page.matchAll(/\b(deploy\/[\w./@-]*[\w/])/g)) assert.ok(existsSync(file), `${PAGE}: ${file}`);
