import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @param {AsyncDisposableStack} resources the folder is removed with them */
export async function temporaryFolder(resources) {
  const folder = await mkdtemp(join(tmpdir(), 'mcpr-conformance-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
