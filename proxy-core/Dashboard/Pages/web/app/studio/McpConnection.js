import { apiUrl, ApiProblem, OWN_HEADER } from '../core/api.js';
import { readMessages } from './eventStream.js';
import { log } from './log.js';

const LEGACY = '2025-11-25';
const MODERN = '2026-07-28';
const META = 'io.modelcontextprotocol/';

/** Servers offer widgets only to clients that say they can show them. */
const CAPABILITIES = { extensions: { [`${META}ui`]: { mimeTypes: ['text/html;profile=mcp-app'] } } };
const CLIENT = { name: 'mcpr Studio', version: '1' };

/**
 * @typedef {object} Exchange
 * @property {any} request the message that was sent
 * @property {any} [answer] the JSON-RPC answer, with result or error
 * @property {number} status of HTTP
 * @property {[string, string][]} headers of the response
 * @property {number} ms
 * @property {number} size of the response
 */

/** @param {string} text */
const headerSafe = (text) => {
  const isPlain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text);
  return isPlain ? text : `=?base64?${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}?=`;
};

/** A client of one MCP server behind the proxy: with a session where the server wants one, else each request by itself. */
export class McpConnection {
  /** @param {string} server @param {Record<string, string | null>} headers */
  constructor(server, headers) {
    this.server = server;
    this.headers = headers;
    this.session = /** @type {string | null} */ (null);
    this.version = /** @type {string | null} */ (null);
    this.info = /** @type {any} */ (null);
    this.lastId = 0;
  }

  async connect() {
    this.session = null;
    this.version = null;
    const params = { protocolVersion: LEGACY, capabilities: CAPABILITIES, clientInfo: CLIENT };
    const first = await this.exchange('initialize', params);
    if (first.answer?.result) {
      this.info = first.answer.result;
      this.version = this.info.protocolVersion;
      await this.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
      return this;
    }
    if (first.status === 401 || first.status === 403) throw new ApiProblem(first.status, refusal(first));
    this.version = MODERN;
    const second = await this.exchange('server/discover', {});
    if (!second.answer?.result) throw new ApiProblem(first.status, refusal(first));
    this.info = second.answer.result;
    return this;
  }

  /** Tells the server that the session is over. */
  close() {
    if (this.session) fetch(this.url(), { method: 'DELETE', headers: this.headersFor(null), keepalive: true }).catch(() => {});
    this.session = null;
  }

  /**
   * @param {string} method
   * @param {any} params
   * @returns {Promise<any>} the result
   */
  async ask(method, params) {
    const exchange = await this.exchange(method, params);
    if (exchange.answer?.result) return exchange.answer.result;
    throw new ApiProblem(exchange.status, refusal(exchange));
  }

  /**
   * @param {string} method
   * @param {any} params
   * @param {{ signal?: AbortSignal, onMessage?: (message: any) => void }} [options]
   */
  async exchange(method, params, options) {
    const hadSession = this.session !== null;
    const exchange = await this.once(method, params, options);
    // A server that was started anew knows nothing of the session (MCP, "Session Management").
    if (exchange.status !== 404 || !hadSession || method === 'initialize') return exchange;
    await this.connect();
    return this.once(method, params, options);
  }

  /**
   * @param {string} method
   * @param {any} params
   * @param {{ signal?: AbortSignal, onMessage?: (message: any) => void }} [options]
   */
  once(method, params, options) {
    this.lastId += 1;
    const isModern = this.version === MODERN;
    const meta = { [`${META}protocolVersion`]: MODERN, [`${META}clientCapabilities`]: CAPABILITIES, [`${META}clientInfo`]: CLIENT };
    const full = isModern ? { ...params, _meta: { ...params._meta, ...meta } } : params;
    return this.send({ jsonrpc: '2.0', id: this.lastId, method, params: full }, options);
  }

  /**
   * Sends any message; what is not the answer to it goes to onMessage.
   * @param {any} request
   * @param {{ signal?: AbortSignal, onMessage?: (message: any) => void }} [options]
   * @returns {Promise<Exchange>}
   */
  async send(request, { signal, onMessage } = {}) {
    const started = performance.now();
    log('studio', request.method ?? 'answer', request);
    const response = await fetch(this.url(), { method: 'POST', headers: this.headersFor(request), body: JSON.stringify(request), signal });
    this.session = response.headers.get('mcp-session-id') ?? this.session;
    const headers = /** @type {[string, string][]} */ ([...response.headers]);
    const exchange = /** @type {Exchange} */ ({ request, status: response.status, headers, ms: 0, size: 0 });
    exchange.size = await readMessages(response, (message) => {
      if (message.method) this.hear(message, onMessage);
      else if (!exchange.answer) exchange.answer = message;
    });
    exchange.ms = performance.now() - started;
    if (request.id !== undefined) log('server', `${request.method ?? ''} ${response.status}`, exchange.answer, !exchange.answer?.result);
    return exchange;
  }

  /** @param {any} message @param {((message: any) => void) | undefined} onMessage */
  hear(message, onMessage) {
    log('server', message.method, message);
    onMessage?.(message);
    if (message.id === undefined) return;
    const reply = message.method === 'ping' ? { result: {} } : { error: { code: -32601, message: 'Studio answers no questions of servers' } };
    this.send({ jsonrpc: '2.0', id: message.id, ...reply }).catch((problem) => log('studio', String(problem), undefined, true));
  }

  url() {
    return apiUrl('studio/mcp', new URLSearchParams({ server: this.server }));
  }

  /** @param {any} message @returns {Record<string, string>} */
  headersFor(message) {
    const isModern = this.version === MODERN;
    const name = message?.params?.name ?? message?.params?.uri;
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(this.version && { 'mcp-protocol-version': this.version }),
      ...(this.session && !isModern && { 'mcp-session-id': this.session }),
      ...(isModern && message?.method && { 'mcp-method': message.method }),
      ...(isModern && name && { 'mcp-name': headerSafe(name) }),
      ...this.headers,
      ...OWN_HEADER,
    };
    return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null));
  }
}

/** @param {Exchange} exchange */
function refusal({ status, answer, request }) {
  if (status === 401) return 'The server wants to know who calls. Write an authorization header under Headers.';
  const error = answer?.error;
  if (error) return `${request.method}: ${error.message} (${error.code})${error.data?.hint ? `. ${error.data.hint}` : ''}`;
  return `${request.method}: the server answered HTTP ${status}, and nothing that is an answer.`;
}
