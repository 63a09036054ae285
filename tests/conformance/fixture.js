import { Child, firstFailure } from './child.js';
import { testFile } from './paths.js';

const START_LIMIT_MS = 20_000;

/**
 * @param {AsyncDisposableStack} resources
 * @returns {Promise<import('./child.js').Target>}
 */
export async function startFixture(resources) {
  const args = [testFile('fixture-server/main.js'), '--http', '0'];
  const fixture = new Child('the fixture server', process.execPath, args, { resources });
  return { url: await fixture.firstLine(START_LIMIT_MS), failure: firstFailure(fixture) };
}
