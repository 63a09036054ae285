import { randomUUID } from 'node:crypto';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { SessionEventStore } from './event-store.js';
import { createFixtureServer } from './server.js';

/** What polling clients are told to wait before they resume a stream that the server ended. */
const RETRY_MS = 500;

/** Serves the protocol revisions that begin with initialize: one server instance per session. */
export class LegacySessions {
  /** @type {Map<string, WebStandardStreamableHTTPServerTransport>} */
  #transports = new Map();
  #maxRequestBodySize;

  /** @param {{ maxRequestBodySize: number }} options */
  constructor({ maxRequestBodySize }) {
    this.#maxRequestBodySize = maxRequestBodySize;
  }

  /**
   * @param {Request} request
   * @returns {Promise<Response>}
   */
  async fetch(request) {
    const sessionId = request.headers.get('mcp-session-id');
    if (sessionId === null) return this.#open(request);
    return this.#transports.get(sessionId)?.handleRequest(request) ?? sessionNotFound();
  }

  /** @param {Request} request */
  async #open(request) {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: sessionId => void this.#transports.set(sessionId, transport),
      onsessionclosed: sessionId => void this.#transports.delete(sessionId),
      eventStore: new SessionEventStore(),
      retryInterval: RETRY_MS,
      maxRequestBodySize: this.#maxRequestBodySize,
    });
    const server = createFixtureServer({ era: 'legacy' });
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    if (transport.sessionId === undefined) await server.close();
    return response;
  }
}

function sessionNotFound() {
  const error = { code: -32001, message: 'Session not found' };
  return Response.json({ jsonrpc: '2.0', id: null, error }, { status: 404 });
}
