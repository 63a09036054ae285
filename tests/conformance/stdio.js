import { Child, firstFailure } from './child.js';
import { built, testFile } from './paths.js';
import { temporaryFolder } from './temporary-folder.js';
import { startTunnelTo } from './tunnel.js';

const START_LIMIT_MS = 30_000;

const STDIO_FLOOR = {
  stable: { passed: 39, failed: 0 },
  '2025-11-25': { passed: 81, failed: 0 },
  '2026-07-28': { passed: 194, failed: 1 },
};

/**
 * What the bridge reaches at least. Over standard output the fixture server cannot end a stream early, so two checks of
 * 2025-11-25 warn. Its prompt answers are bodies, so the check of several streams at once has nothing to look at. A server of the legacy era has no tasks of the modern one, and its questions have no names of its own.
 * @type {Record<string, Record<string, { passed: number, failed: number }>>}
 */
export const STDIO_FLOORS = {
  stdio: STDIO_FLOOR,
  'stdio-chain': STDIO_FLOOR,
  'stdio-tunnel': STDIO_FLOOR,
  'stdio-legacy': { stable: { passed: 39, failed: 0 }, '2025-11-25': { passed: 81, failed: 0 }, '2026-07-28': { passed: 158, failed: 35 } },
  'stdio-modern': STDIO_FLOOR,
};

/**
 * The fixture server over standard input and output, behind `mcpr serve`.
 * @param {string[]} options of the fixture server
 * @returns {(fixtureUrl: string, resources: AsyncDisposableStack) => Promise<import('./child.js').Target>}
 */
export function stdioWith(...options) {
  return (_, resources) => startBridge([], ['--', ...programWith(options)], resources);
}

/**
 * `mcpr serve` in front of `mcpr stdio` in front of the fixture server: there and back again.
 * @param {string} fixtureUrl
 * @param {AsyncDisposableStack} resources
 */
export function startChain(fixtureUrl, resources) {
  return startBridge([], ['--', built('Connector/release/mcpr'), 'stdio', fixtureUrl], resources);
}

/**
 * @param {string[]} options of the bridge
 * @param {string[]} programOptions of the fixture server
 */
export function bridgeWith(options, programOptions) {
  return resources => startBridge(options, ['--', ...programWith(programOptions)], resources);
}

/** @type {typeof stdioWith} */
export function stdioTunnelWith(...options) {
  return (_, resources) => startTunnelTo(['--', ...programWith(options)], resources);
}

/** @param {string[]} options of the fixture server */
export function programWith(options) {
  return [process.execPath, testFile('fixture-server/main.js'), '--stdio', ...options];
}

/**
 * @param {string[]} options of the bridge
 * @param {string[]} program
 * @param {AsyncDisposableStack} resources
 */
async function startBridge(options, program, resources) {
  const configFolder = await temporaryFolder(resources);
  const args = ['serve', '--port', '0', ...options, ...program];
  const bridge = new Child('the bridge', built('Connector/release/mcpr'), args, { env: { XDG_CONFIG_HOME: configFolder, XDG_STATE_HOME: configFolder }, resources });
  const url = await bridge.firstLine(START_LIMIT_MS);
  return { url, failure: firstFailure(bridge), pid: bridge.pid, kill: () => bridge.kill() };
}
