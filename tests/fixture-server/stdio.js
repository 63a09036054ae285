import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { createFixtureServer } from './server.js';
import { logError } from './log.js';

/** @param {string} [era] the only one that is served */
export async function serveOverStdio(era) {
  if (era === 'legacy') {
    // The plain transport, which has never heard of the other era: a probe gets an error.
    await createFixtureServer({ era }).connect(new StdioServerTransport());
  } else {
    serveStdio(connection => createFixtureServer({ era: connection.era }), {
      onerror: logError,
      ...(era === 'modern' && { legacy: 'reject' }),
    });
  }
}
