import { Child, firstFailure } from './child.js';
import { built, testFile } from './paths.js';
import { temporaryFolder } from './temporary-folder.js';

const START_LIMIT_MS = 30_000;

/**
 * The fixture server over standard input and output, behind `mcpr serve`.
 * @param {string[]} options of the fixture server
 * @returns {(fixtureUrl: string, resources: AsyncDisposableStack) => Promise<import('./child.js').Target>}
 */
export function stdioWith(...options) {
  return async (_, resources) => {
    const configFolder = await temporaryFolder(resources);
    const command = [process.execPath, testFile('fixture-server/main.js'), '--stdio', ...options];
    const args = ['serve', '--port', '0', '--', ...command];
    const bridge = new Child('the bridge', built('Connector/release/mcpr'), args, { env: { XDG_CONFIG_HOME: configFolder }, resources });
    const url = await bridge.firstLine(START_LIMIT_MS);
    return { url, failure: firstFailure(bridge) };
  };
}
