// What docker compose would refuse, and what the files promise of containers. From the root of the repository: node compose.js

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentsOf } from './yaml-files.js';

/** What operators make, and what it is made from. */
const MADE = { 'relay.env': 'relay.env.example' };

/** What is used together, as `docker compose -f ... -f ...` puts it together. */
const SETS = [['compose.yaml'], ['compose.yaml', 'team.yaml'], ['sample.yaml']];

const folder = 'deploy/compose';

for (const files of SETS) {
  const file = files.at(-1);
  const compose = files.map(name => documentsOf(join(folder, name))[0]).reduce(merged);
  for (const [name, service] of Object.entries(compose.services)) {
    const told = `${file}: ${name}`;
    assert.equal(service.read_only, true, told);
    assert.deepEqual(service.cap_drop, ['ALL'], told);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], told);
    for (const secret of service.secrets ?? []) assert.ok(compose.secrets[secret], `${told}: ${secret}`);
    for (const network of service.networks ?? []) assert.ok(network in compose.networks, `${told}: ${network}`);
    for (const other of Object.keys(service.depends_on ?? {})) assert.ok(compose.services[other], `${told}: ${other}`);
    if (service.network_mode) assert.ok(compose.services[service.network_mode.replace('service:', '')], told);
    if (service.env_file) assert.ok(existsSync(join(folder, MADE[service.env_file])), told);
    for (const volume of service.volumes ?? []) {
      const [source] = volume.split(':');
      assert.ok(source.startsWith('.') ? existsSync(join(folder, source)) : source in compose.volumes, `${told}: ${volume}`);
    }
    if (service.build) {
      const containerfile = readFileSync(join(folder, service.build.context, service.build.dockerfile), 'utf8');
      assert.match(containerfile, new RegExp(`^FROM \\S+ AS ${service.build.target}$`, 'm'), told);
    }
  }
}

/**
 * Lists one after the other, objects by their members, and of everything else the later one.
 *
 * @param {any} earlier
 * @param {any} later
 * @returns {any}
 */
function merged(earlier, later) {
  if (Array.isArray(earlier) && Array.isArray(later)) return [...earlier, ...later];
  if (!isObject(earlier) || !isObject(later)) return later ?? earlier;
  const keys = new Set([...Object.keys(earlier), ...Object.keys(later)]);
  return Object.fromEntries([...keys].map(key => [key, merged(earlier[key], later[key])]));
}

/** @param {any} value */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}
