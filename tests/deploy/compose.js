// What docker compose would refuse, and what the files promise of containers. From the root of the repository: node compose.js

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documentsOf } from './yaml-files.js';

/** What operators make, and what it is made from. */
const MADE = { 'relay.env': 'relay.env.example' };

for (const file of ['deploy/compose/compose.yaml', 'deploy/compose/sample.yaml']) {
  const [compose] = documentsOf(file);
  const folder = dirname(file);
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
