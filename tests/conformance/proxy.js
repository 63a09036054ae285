import { Child, firstFailure } from './child.js';
import { built } from './paths.js';
import { temporaryFolder } from './temporary-folder.js';

const START_LIMIT_MS = 30_000;

/**
 * @param {string} fixtureUrl
 * @param {AsyncDisposableStack} resources
 * @returns {Promise<import('./child.js').Target>}
 */
export async function startProxy(fixtureUrl, resources) {
  const configFolder = await temporaryFolder(resources);
  const args = ['proxy', '--mcp', fixtureUrl, '--port', '0'];
  const proxy = new Child('the proxy', built('Connector/release/mcpr'), args, { env: { XDG_CONFIG_HOME: configFolder, XDG_STATE_HOME: configFolder }, resources });
  const url = await proxy.firstLine(START_LIMIT_MS);
  return { url, failure: firstFailure(proxy) };
}
