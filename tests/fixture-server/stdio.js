import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createFixtureServer } from './server.js';
import { logError } from './log.js';

export function serveOverStdio() {
  serveStdio(({ era }) => createFixtureServer({ era }), { onerror: logError });
}
