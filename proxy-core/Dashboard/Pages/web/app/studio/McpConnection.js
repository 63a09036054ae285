import { ApiProblem } from '../core/api.js';
import { answerServer } from './asking/questions.js';
import { log, logHeard } from './log.js';
import { McpTransport } from './McpTransport.js';
import { CAPABILITIES, CLIENT, LEGACY, META, MODERN } from './revisions.js';
import { ServerStream } from './ServerStream.js';
import { paramHeaders } from './standardHeaders.js';

/** How often a server may ask for input before it gives an answer. */
const MAX_ROUNDS = 10;

/** @typedef {import('./McpTransport.js').Exchange} Exchange */

/** @typedef {{ signal?: AbortSignal, onMessage?: (message: any) => void }} Options */

/** What the person wants: headers of every message, roots, and a revision or nothing. @typedef {{ headers: Record<string, string | null>, roots: { uri: string }[], revision: string }} Wishes */

/** A client of one MCP server: with a session where the server wants one, else each request by itself. */
export class McpConnection {
  /** @param {string} server @param {Wishes} wishes */
  constructor(server, wishes) {
    this.server = server;
    this.wishes = wishes;
    this.transport = new McpTransport(server, wishes.headers);
    this.info = /** @type {any} */ (null);
    this.logLevel = 'info';
    this.lastId = 0;
    this.stream = /** @type {ServerStream | null} */ (null);
    this.asked = /** @type {Map<any, AbortController>} */ (new Map());
    /** Called when what the server offers may have changed. */
    this.onChanged = () => {};
  }

  get session() {
    return this.transport.session;
  }

  get version() {
    return this.transport.version;
  }

  async connect() {
    this.stream?.close();
    Object.assign(this.transport, { session: null, version: null });
    const first = this.wishes.revision === MODERN ? null : await this.initialize();
    if (!first?.answer?.result) await this.discover(first);
    this.listen();
    return this;
  }

  async initialize() {
    const exchange = await this.send(this.messageOf('initialize', { protocolVersion: LEGACY, capabilities: CAPABILITIES, clientInfo: CLIENT }));
    if (!exchange.answer?.result) {
      if (this.wishes.revision === LEGACY || exchange.status === 401 || exchange.status === 403) throw new ApiProblem(exchange.status, refusal(exchange));
      return exchange;
    }
    this.info = exchange.answer.result;
    this.transport.version = this.info.protocolVersion;
    await this.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return exchange;
  }

  /** @param {Exchange | null} before what came of the older way, which says more about a server that knows neither */
  async discover(before) {
    this.transport.version = MODERN;
    const exchange = await this.send(this.messageOf('server/discover', {}));
    if (!exchange.answer?.result) throw new ApiProblem(exchange.status, refusal(before ?? exchange));
    this.info = exchange.answer.result;
  }

  /** Hears what the server says without being asked. */
  listen() {
    const { transport } = this;
    const open = (/** @type {string | undefined} */ lastId, /** @type {AbortSignal} */ signal) =>
      transport.isModern ? transport.post(this.subscription(), signal) : transport.openStream(lastId, signal);
    this.stream = new ServerStream(open, (message) => message.method && this.hear(message, {}), () => this.onChanged());
    this.stream.run();
  }

  subscription() {
    const has = this.info.capabilities ?? {};
    const kinds = ['tools', 'prompts', 'resources'].filter((kind) => has[kind]?.listChanged);
    return this.messageOf('subscriptions/listen', { notifications: Object.fromEntries(kinds.map((kind) => [`${kind}ListChanged`, true])) });
  }

  /** Tells the server that it is over. */
  close() {
    this.stream?.close();
    this.transport.close();
  }

  /** What the server is to log. @param {string} level */
  async changeLogLevel(level) {
    this.logLevel = level;
    // Requests of the later revision carry it.
    if (!this.transport.isModern && this.info?.capabilities?.logging) await this.exchange('logging/setLevel', { level });
  }

  /** @param {any[]} tools whose arguments may have to be repeated in headers */
  learn(tools) {
    this.transport.params = new Map(tools.map((tool) => [tool.name, paramHeaders(tool.inputSchema).headers]));
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
   * @param {Options} [options]
   * @returns {Promise<Exchange>}
   */
  async exchange(method, params, options = {}) {
    const hadSession = this.session !== null;
    let exchange = await this.send(this.messageOf(method, params), options);
    // A server that was started anew knows nothing of the session (MCP, "Session Management").
    if (exchange.status === 404 && hadSession) {
      await this.connect();
      exchange = await this.send(this.messageOf(method, params), options);
    }
    return this.transport.isModern ? this.giveInput(exchange, method, params, options) : exchange;
  }

  /**
   * Gives a server of 2026-07-28 what it needs before it can answer, and asks again.
   * @param {Exchange} exchange @param {string} method @param {any} params @param {Options} options
   */
  async giveInput(exchange, method, params, options) {
    let last = exchange;
    for (let rounds = 1; last.answer?.result?.resultType === 'input_required' && rounds <= MAX_ROUNDS; rounds++) {
      const { inputRequests = {}, requestState } = last.answer.result;
      const asked = Object.entries(inputRequests).map(async ([key, request]) => ({ key, answer: await this.answer(/** @type {any} */ (request), options.signal) }));
      const answers = await Promise.all(asked);
      // There is no word for a refusal in that revision: then the question is what the call has come to.
      if (answers.some(({ answer }) => !answer?.result)) return last;
      const inputResponses = Object.fromEntries(answers.map(({ key, answer }) => [key, answer?.result]));
      last = await this.send(this.messageOf(method, { ...params, inputResponses, ...(requestState !== undefined && { requestState }) }), options);
      last.rounds = rounds;
    }
    return last;
  }

  /** @param {string} method @param {any} params */
  messageOf(method, params) {
    this.lastId += 1;
    const meta = { [`${META}protocolVersion`]: MODERN, [`${META}clientCapabilities`]: CAPABILITIES, [`${META}clientInfo`]: CLIENT, [`${META}logLevel`]: this.logLevel };
    return { jsonrpc: '2.0', id: this.lastId, method, params: this.transport.isModern ? { ...params, _meta: { ...params._meta, ...meta } } : params };
  }

  /**
   * Sends any message.
   * @param {any} message
   * @param {Options} [options]
   */
  send(message, options = {}) {
    return this.transport.send(message, { signal: options.signal, onMessage: (heard) => this.hear(heard, options) });
  }

  /** @param {any} message @param {Options} options */
  hear(message, { signal, onMessage }) {
    logHeard(message);
    onMessage?.(message);
    if (message.id !== undefined) this.reply(message, signal).catch((problem) => log('studio', String(problem), undefined, true));
    else if (message.method === 'notifications/cancelled') this.asked.get(message.params?.requestId)?.abort();
    else if (message.method.endsWith('/list_changed')) this.onChanged();
  }

  /** Answers a request that the server made, unless it takes it back. @param {any} request @param {AbortSignal} [signal] */
  async reply(request, signal = this.transport.ended.signal) {
    const taken = new AbortController();
    this.asked.set(request.id, taken);
    const answer = await this.answer(request, AbortSignal.any([taken.signal, signal]));
    this.asked.delete(request.id);
    if (answer) await this.send({ jsonrpc: '2.0', id: request.id, ...answer });
  }

  /** @param {any} request @param {AbortSignal} [signal] */
  answer(request, signal = this.transport.ended.signal) {
    return answerServer(request, { roots: this.wishes.roots, over: signal });
  }
}

/** @param {Exchange} exchange */
function refusal({ status, answer, request }) {
  if (status === 401) return 'The server wants to know who calls. Write an authorization header under Headers.';
  const error = answer?.error;
  if (error) return `${request.method}: ${error.message} (${error.code})${error.data?.hint ? `. ${error.data.hint}` : ''}`;
  return `${request.method}: the server answered HTTP ${status}, and nothing that is an answer.`;
}
