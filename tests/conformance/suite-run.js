import { Child } from './child.js';
import { readChecks } from './checks.js';
import { installed, testFile } from './paths.js';
import { temporaryFolder } from './temporary-folder.js';

const SUITE_LIMIT_MS = 300_000;

/** The tool exits with 1 when a check failed, which is a result and no breakdown. */
const NORMAL_ENDS = ['code 0', 'code 1'];

const RESOLVING_LOCALHOST_NAMES = { NODE_OPTIONS: `--require "${testFile('conformance/resolve-localhost-names.cjs')}"` };

/**
 * @param {import('./suites.js').Suite} suite
 * @param {string} url of the MCP endpoint under test
 * @param {AsyncDisposableStack} resources
 * @returns {Promise<import('./checks.js').Checks>}
 */
export async function collectChecks(suite, url, resources) {
  const outputFolder = await temporaryFolder(resources);
  const args = [installed(suite.entry), 'server', '--url', url, ...suite.args, '-o', outputFolder];
  const tool = new Child(`conformance ${suite.name}`, process.execPath, args, { env: RESOLVING_LOCALHOST_NAMES, resources });

  const how = await tool.end(SUITE_LIMIT_MS);
  if (!NORMAL_ENDS.includes(how)) throw tool.error(`broke down (${how})`);
  const checks = await readChecks(outputFolder);
  if (checks.size === 0) throw tool.error('reported no checks');
  return checks;
}
