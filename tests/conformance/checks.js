import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The status of each check. A key names the scenario and the check id, and counts when a scenario
 * reports the same id more than once.
 * @typedef {Map<string, string>} Checks
 */

export const PASSED = 'SUCCESS';
export const FAILED = 'FAILURE';
const RESULT_FOLDER = /^server-(?<scenario>.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/;

/**
 * @param {string} outputFolder what the conformance tool wrote with -o
 * @returns {Promise<Checks>}
 */
export async function readChecks(outputFolder) {
  /** @type {Checks} */
  const checks = new Map();
  for (const folder of (await readdir(outputFolder)).sort()) {
    const scenario = RESULT_FOLDER.exec(folder)?.groups.scenario ?? folder;
    const reported = JSON.parse(await readFile(join(outputFolder, folder, 'checks.json'), 'utf8'));
    for (const { id, status } of reported) checks.set(unusedKey(checks, `${scenario} ${id}`), status);
  }
  return checks;
}

/**
 * @param {Checks} checks
 * @param {string} key
 */
function unusedKey(checks, key) {
  let candidate = key;
  for (let occurrence = 2; checks.has(candidate); occurrence++) candidate = `${key} (${occurrence})`;
  return candidate;
}

/** @param {Checks} checks */
export function summaryOf(checks) {
  const statuses = [...checks.values()];
  return {
    passed: statuses.filter(status => status === PASSED).length,
    failed: statuses.filter(status => status === FAILED).length,
  };
}

/**
 * The checks that pass on one side only.
 * @param {Checks} left
 * @param {Checks} right
 */
export function differences(left, right) {
  return [...new Set([...left.keys(), ...right.keys()])]
    .map(check => ({ check, left: left.get(check) ?? 'ABSENT', right: right.get(check) ?? 'ABSENT' }))
    .filter(pair => (pair.left === PASSED) !== (pair.right === PASSED));
}
