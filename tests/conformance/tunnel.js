import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Child, firstFailure } from './child.js';
import { withLimit } from './limits.js';
import { built } from './paths.js';
import { freePort } from './ports.js';
import { temporaryFolder } from './temporary-folder.js';

const START_LIMIT_MS = 30_000;
const PROBE_LIMIT_MS = 2_000;
const PROBE_INTERVAL_MS = 100;

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isHealthy(port) {
  return new Promise(resolve => {
    const request = get({
      host: '127.0.0.1',
      port,
      path: '/healthz',
      headers: { Host: `localhost:${port}` },
      timeout: PROBE_LIMIT_MS,
      agent: false,
    });
    request.once('response', response => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
    request.once('close', () => resolve(false));
  });
}

/**
 * @param {number} port
 * @param {AbortSignal} signal
 */
async function becomeHealthy(port, signal) {
  while (!(await isHealthy(port))) await delay(PROBE_INTERVAL_MS, undefined, { signal });
}

/**
 * @param {number} port
 * @param {AsyncDisposableStack} resources
 */
async function startRelay(port, resources) {
  const dataFolder = await temporaryFolder(resources);
  const args = ['--listen', `http://127.0.0.1:${port}`, '--domain', 'localhost', '--data', dataFolder];
  const relay = new Child('the relay', built('Relay/release/mcpr-relay'), args, { resources });

  const abandoned = new AbortController();
  try {
    const healthy = becomeHealthy(port, abandoned.signal);
    const tooLate = () => relay.error(`was not healthy within ${START_LIMIT_MS} ms`);
    await withLimit(Promise.race([healthy, relay.failure()]), START_LIMIT_MS, tooLate);
  } finally {
    abandoned.abort();
  }
  return relay;
}

/**
 * @param {string} fixtureUrl
 * @param {AsyncDisposableStack} resources
 */
export function startTunnel(fixtureUrl, resources) {
  return startTunnelTo(['--mcp', fixtureUrl], resources);
}

/**
 * @param {string[]} server what tells `mcpr tunnel` which server it is
 * @param {AsyncDisposableStack} resources
 * @returns {Promise<import('./child.js').Target>}
 */
export async function startTunnelTo(server, resources) {
  const port = await freePort();
  const relay = await startRelay(port, resources);

  const configFolder = await temporaryFolder(resources);
  const args = ['tunnel', '--relay', `http://localhost:${port}`, ...server];
  const env = { XDG_CONFIG_HOME: configFolder, XDG_STATE_HOME: configFolder };
  const connector = new Child('the connector', built('Connector/release/mcpr'), args, { env, resources });
  const url = await connector.firstLine(START_LIMIT_MS);
  return { url, failure: firstFailure(relay, connector) };
}
