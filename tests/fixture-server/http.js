import { once } from 'node:events';
import { createServer } from 'node:http';
import { localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { LegacySessions } from './legacy-sessions.js';
import { logError } from './log.js';
import { createFixtureServer } from './server.js';

const MCP_PATH = '/mcp';

/** Generous, so that a proxy meets its own limit before it meets this one. */
const BODY_LIMIT = { maxRequestBodySize: 32 * 1024 * 1024 };

/** One fetch-style handler for both eras; each request says which one it belongs to. */
function createDualEraHandler() {
  const modern = createMcpHandler(() => createFixtureServer({ era: 'modern', announcements: modern.notify }), {
    legacy: 'reject',
    onerror: logError,
    ...BODY_LIMIT,
  });
  const legacy = new LegacySessions(BODY_LIMIT);
  return {
    /** @param {Request} request */
    fetch: async request =>
      (await isLegacyRequest(request, undefined, BODY_LIMIT)) ? legacy.fetch(request) : modern.fetch(request),
  };
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {string} message
 */
function refuse(response, status, message) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32000, message } }));
}

/**
 * @param {number} port 0 for any free one
 * @returns {Promise<number>} the port it listens on
 */
export async function listen(port) {
  const handle = toNodeHandler(createDualEraHandler(), { onerror: logError, ...BODY_LIMIT });
  const hasLoopbackOrigin = localhostOriginValidation();
  /** @type {Set<string | undefined>} */
  const ownHosts = new Set();

  const httpServer = createServer((request, response) => {
    if (!ownHosts.has(request.headers.host)) return refuse(response, 403, `Invalid Host: ${request.headers.host}`);
    if (!hasLoopbackOrigin(request, response)) return;
    if (new URL(request.url, 'http://localhost').pathname !== MCP_PATH) return refuse(response, 404, 'Not found');
    handle(request, response);
  });
  httpServer.listen(port, '127.0.0.1');
  await once(httpServer, 'listening');

  const boundPort = httpServer.address().port;
  for (const name of ['localhost', '127.0.0.1']) ownHosts.add(`${name}:${boundPort}`);
  return boundPort;
}
