import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Child, firstFailure } from './child.js';
import { testFile } from './paths.js';
import { becomeReachable, freePort } from './ports.js';
import { bridgeWith, programWith } from './stdio.js';

const INSTALL_LIMIT_MS = 120_000;
/** Other people's bridges, never part of this repository: installed when they are asked for, in exactly these versions. */
const PACKAGES = { 'mcp-proxy': '6.7.19', supergateway: '4.0.0' };
const FOLDER = testFile('../artifacts/peers');

/** @param {string} entry below the packages of the peers */
const peerFile = entry => join(FOLDER, 'node_modules', entry);

/**
 * The same program behind each of them.
 * @param {string[]} options of the program
 * @returns {{ name: string, start: (resources: AsyncDisposableStack) => Promise<import('./child.js').Target> }[]}
 */
export const bridgesTo = options => [
  { name: 'mcpr', start: bridgeWith([], options) },
  { name: 'mcpr, --session shared', start: bridgeWith(['--session', 'shared'], options) },
  {
    name: `mcp-proxy ${PACKAGES['mcp-proxy']}`,
    start: resources =>
      startPeer('mcp-proxy', port => [peerFile('mcp-proxy/dist/bin/mcp-proxy.mjs'), '--host', '127.0.0.1', '--port', port, '--', ...programWith(options)], resources),
  },
  {
    name: `supergateway ${PACKAGES.supergateway} --stateful`,
    start: resources =>
      startPeer(
        'supergateway',
        port => [
          peerFile('supergateway/dist/index.js'), '--stdio', programWith(options).join(' '), '--outputTransport', 'streamableHttp', '--stateful', '--port', port,
          '--logLevel', 'none',
        ],
        resources,
      ),
  },
];

/** @param {AsyncDisposableStack} resources */
export async function installPeers(resources) {
  if (Object.keys(PACKAGES).every(name => existsSync(peerFile(name)))) return;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'package.json'), JSON.stringify({ private: true, dependencies: PACKAGES }));
  const npm = new Child('npm', 'npm', ['install', '--prefix', FOLDER, '--ignore-scripts', '--no-audit', '--no-fund'], { resources });
  const how = await npm.end(INSTALL_LIMIT_MS);
  if (how !== 'code 0') throw npm.error(`could not install the peers (${how})`);
}

/**
 * @param {string} name
 * @param {(port: string) => string[]} args
 * @param {AsyncDisposableStack} resources
 */
async function startPeer(name, args, resources) {
  const port = await freePort();
  const peer = new Child(name, process.execPath, args(String(port)), { resources });
  await Promise.race([becomeReachable(port), peer.failure()]);
  return { url: `http://127.0.0.1:${port}/mcp`, failure: firstFailure(peer), pid: peer.pid, kill: () => peer.kill() };
}
