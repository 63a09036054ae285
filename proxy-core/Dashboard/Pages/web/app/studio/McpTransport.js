import { apiUrl, OWN_HEADER } from '../core/api.js';
import { readMessages } from './eventStream.js';
import { log } from './log.js';
import { MODERN } from './revisions.js';
import { pause } from './ServerStream.js';
import { standardHeaders } from './standardHeaders.js';

/** How often an answer that was cut off is asked for again, and after how many ms at first. */
const MAX_RESUMES = 5;
const RESUME_AFTER = 500;

/**
 * @typedef {object} Exchange
 * @property {any} request the message that was sent
 * @property {any} [answer] the JSON-RPC answer, with result or error
 * @property {number} status of HTTP
 * @property {[string, string][]} headers of the response
 * @property {number} ms
 * @property {number} size of the response
 * @property {number} [rounds] how often the server asked for input before
 */

/** Messages to one MCP server behind the proxy, by Streamable HTTP of any revision. */
export class McpTransport {
  /** @param {string} server @param {Record<string, string | null>} headers */
  constructor(server, headers) {
    this.server = server;
    this.headers = headers;
    this.session = /** @type {string | null} */ (null);
    this.version = /** @type {string | null} */ (null);
    this.params = /** @type {Map<string, import('./standardHeaders.js').ParamHeader[]>} */ (new Map());
    this.ended = new AbortController();
  }

  get isModern() {
    return this.version === MODERN;
  }

  /**
   * Sends any message; what comes and is not the answer to it goes to onMessage.
   * @param {any} request
   * @param {{ signal?: AbortSignal, onMessage: (message: any) => void }} options
   * @returns {Promise<Exchange>}
   */
  async send(request, { signal = this.ended.signal, onMessage }) {
    const started = performance.now();
    const isRequest = request.id !== undefined && request.method !== undefined;
    const cancel = () => this.cancel(request, onMessage);
    log('studio', request.method ?? 'answer', request);
    if (isRequest) signal.addEventListener('abort', cancel);
    try {
      const response = await this.post(request, signal);
      this.session = response.headers.get('mcp-session-id') ?? this.session;
      const exchange = /** @type {Exchange} */ ({ request, status: response.status, headers: [...response.headers], ms: 0, size: 0 });
      const take = (/** @type {any} */ message) => {
        if (message.method) onMessage(message);
        else exchange.answer ??= message;
      };
      const place = {};
      exchange.size = await readMessages(response, take, place);
      if (isRequest) await this.resume(exchange, take, place, signal);
      exchange.ms = performance.now() - started;
      if (isRequest) log('server', `${request.method} ${response.status}`, exchange.answer, !exchange.answer?.result);
      return exchange;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /**
   * A server may end the stream of an answer and give the rest to whoever comes back (MCP, "Resumability and Redelivery").
   * @param {Exchange} exchange @param {(message: any) => void} take @param {import('./eventStream.js').Place} place @param {AbortSignal} signal
   */
  async resume(exchange, take, place, signal) {
    for (let tries = 0; !exchange.answer && place.id && !this.isModern && tries < MAX_RESUMES && !signal.aborted; tries++) {
      await pause(place.retry ?? RESUME_AFTER * 2 ** tries, signal);
      const more = await this.openStream(place.id, signal);
      if (!more.ok) return;
      exchange.size += await readMessages(more, take, place);
    }
  }

  /** Where there are sessions, going away is no sign that nobody wants the answer. @param {any} request @param {(message: any) => void} onMessage */
  cancel(request, onMessage) {
    if (!this.session || this.isModern || request.method === 'initialize') return;
    const message = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: request.id, reason: 'stopped in Studio' } };
    this.send(message, { onMessage }).catch(() => {});
  }

  /** @param {any} message @param {AbortSignal} signal */
  post(message, signal) {
    return fetch(this.url(), { method: 'POST', headers: this.headersFor(message), body: JSON.stringify(message), signal });
  }

  /** @param {string | undefined} lastId @param {AbortSignal} signal */
  openStream(lastId, signal) {
    return fetch(this.url(), { headers: { ...this.headersFor(null), ...(lastId && { 'last-event-id': lastId }) }, signal });
  }

  /** Ends the session, and what is under way. */
  close() {
    this.ended.abort();
    if (this.session) fetch(this.url(), { method: 'DELETE', headers: this.headersFor(null), keepalive: true }).catch(() => {});
    this.session = null;
  }

  url() {
    return apiUrl('studio/mcp', new URLSearchParams({ server: this.server }));
  }

  /** @param {any} message @returns {Record<string, string>} */
  headersFor(message) {
    const headers = {
      ...(message && { 'content-type': 'application/json' }),
      accept: message ? 'application/json, text/event-stream' : 'text/event-stream',
      ...(this.version && { 'mcp-protocol-version': this.version }),
      ...(this.session && !this.isModern && { 'mcp-session-id': this.session }),
      ...(this.isModern && message?.method && standardHeaders(message, this.params.get(message.params?.name) ?? [])),
      ...this.headers,
      ...OWN_HEADER,
    };
    return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null));
  }
}
