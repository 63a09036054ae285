import { randomUUID } from 'node:crypto';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';

const TTL_MS = 300_000;
const POLL_INTERVAL_MS = 100;

/** @typedef {import('@modelcontextprotocol/server').CallToolResult} CallToolResult */
/** @typedef {Record<string, object>} InputMap */
/** @typedef {(task: Task) => Promise<CallToolResult>} Work */

/** One call that goes on after its request was answered. */
class Task {
  id = randomUUID();
  #status = 'working';
  #createdAt = new Date().toISOString();
  #lastUpdatedAt = this.#createdAt;
  /** What its status adds to it: the result, the error or the requests for input. */
  #outcome = {};
  #cancellation = new AbortController();
  #inputs = { /** @type {InputMap} */ pending: {}, /** @type {InputMap} */ answers: {}, resume: () => {} };

  /** Aborted when the client cancels the task. */
  get signal() {
    return this.#cancellation.signal;
  }

  /** @param {Work} work */
  async run(work) {
    try {
      this.#become('completed', { result: await work(this) });
    } catch (error) {
      const code = error instanceof ProtocolError ? error.code : ProtocolErrorCode.InternalError;
      this.#become('failed', { error: { code, message: error.message } });
    }
  }

  /**
   * Waits until the client has answered every request.
   * @param {InputMap} inputRequests
   * @returns {Promise<InputMap>} the answers
   */
  async ask(inputRequests) {
    const { promise, resolve } = Promise.withResolvers();
    this.#inputs = { pending: { ...inputRequests }, answers: {}, resume: resolve };
    this.#become('input_required', { inputRequests: this.#inputs.pending });
    await promise;
    this.#become('working', {});
    return this.#inputs.answers;
  }

  /** @param {InputMap} inputResponses those to requests that are not pending are ignored */
  answer(inputResponses) {
    const { pending, answers, resume } = this.#inputs;
    for (const [key, response] of Object.entries(inputResponses)) {
      if (!Object.hasOwn(pending, key)) continue;
      answers[key] = response;
      delete pending[key];
    }
    if (Object.keys(pending).length === 0) resume();
  }

  cancel() {
    this.#become('cancelled', {});
    this.#cancellation.abort();
  }

  /** What the answer to the call says about it. */
  summary() {
    return {
      taskId: this.id,
      status: this.#status,
      createdAt: this.#createdAt,
      lastUpdatedAt: this.#lastUpdatedAt,
      ttlMs: TTL_MS,
      pollIntervalMs: POLL_INTERVAL_MS,
    };
  }

  details() {
    return { ...this.summary(), ...this.#outcome };
  }

  /**
   * @param {string} status
   * @param {object} outcome
   */
  #become(status, outcome) {
    if (!['working', 'input_required'].includes(this.#status)) return;
    this.#status = status;
    this.#outcome = outcome;
    this.#lastUpdatedAt = new Date().toISOString();
  }
}

/** @type {Map<string, Task>} shared, because each modern request has a server instance of its own */
const tasks = new Map();

/**
 * @param {Work} work
 * @returns {Task}
 */
export function startTask(work) {
  const task = new Task();
  tasks.set(task.id, task);
  setTimeout(() => tasks.delete(task.id), TTL_MS).unref();
  task.run(work);
  return task;
}

/**
 * @param {string} taskId
 * @returns {Task}
 */
export function taskById(taskId) {
  const task = tasks.get(taskId);
  if (task === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown task: ${taskId}`);
  return task;
}
