import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/**
 * All documents of a file, which must be YAML without doubled keys.
 *
 * @param {string} file
 * @returns {object[]}
 */
export function documentsOf(file) {
  return parseAllDocuments(readFileSync(file, 'utf8'), { version: '1.2', merge: false }).map(document => {
    assert.deepEqual([...document.errors, ...document.warnings].map(String), [], file);
    return document.toJS();
  });
}
