import { existsSync } from 'node:fs';
import { join } from 'node:path';

const testsFolder = join(import.meta.dirname, '..');

/** @param {string} entry below node_modules */
export function installed(entry) {
  return existing(join(testsFolder, 'node_modules', entry), 'run npm ci in tests/');
}

/** @param {string} program below artifacts/bin */
export function built(program) {
  return existing(join(testsFolder, '..', 'artifacts', 'bin', program), 'build the release configuration first');
}

/** @param {string} file below tests/ */
export function testFile(file) {
  return join(testsFolder, file);
}

/**
 * @param {string} path
 * @param {string} remedy
 */
function existing(path, remedy) {
  if (!existsSync(path)) throw new Error(`${path} does not exist: ${remedy}`);
  return path;
}
