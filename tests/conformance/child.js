import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { withLimit } from './limits.js';

const STOP_LIMIT_MS = 5_000;
const KEPT_OUTPUT_CHARS = 4_000;

/**
 * A child process that is stopped with the resources it belongs to. It keeps the end of what it
 * wrote, for error messages.
 */
export class Child {
  #process;
  #stopping = false;
  #output = '';

  /**
   * @param {string} name how messages call it
   * @param {string} program
   * @param {string[]} args
   * @param {{ env?: Record<string, string>, resources: AsyncDisposableStack }} options
   */
  constructor(name, program, args, { env, resources }) {
    this.name = name;
    this.#process = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        this.#output = (this.#output + text).slice(-KEPT_OUTPUT_CHARS);
      });
    }
    /** @type {Promise<string>} how it ended; never rejects */
    this.ended = new Promise(resolve => {
      this.#process.once('error', error => resolve(`${basename(program)} did not start: ${error.message}`));
      this.#process.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
    });
    resources.defer(() => this.stop());
  }

  /** @returns {Promise<never>} rejects when the process ends without having been told to */
  async failure() {
    const how = await this.ended;
    if (this.#stopping) return new Promise(() => {});
    throw this.error(`ended early (${how})`);
  }

  /**
   * @param {number} limitMs
   * @returns {Promise<string>} the first line on its stdout
   */
  firstLine(limitMs) {
    const line = new Promise(resolve => createInterface({ input: this.#process.stdout }).once('line', resolve));
    return withLimit(Promise.race([line, this.failure()]), limitMs, () => this.error(`printed no line within ${limitMs} ms`));
  }

  /**
   * @param {number} limitMs
   * @returns {Promise<string>} how it ended
   */
  end(limitMs) {
    return withLimit(this.ended, limitMs, () => this.error(`did not end within ${limitMs} ms`));
  }

  get pid() {
    return this.#process.pid;
  }

  /** Ends it without a chance to say goodbye. */
  async kill() {
    this.#stopping = true;
    this.#process.kill('SIGKILL');
    await this.ended;
  }

  async stop() {
    this.#stopping = true;
    this.#process.kill('SIGTERM');
    const killTimer = setTimeout(() => this.#kill(), STOP_LIMIT_MS);
    await this.ended;
    clearTimeout(killTimer);
  }

  /** Ends it for certain, even when a process of its own still holds its output open. */
  #kill() {
    this.#process.kill('SIGKILL');
    this.#process.stdout.destroy();
    this.#process.stderr.destroy();
  }

  /** @param {string} what */
  error(what) {
    return new Error(`${this.name} ${what}; its last output:\n${this.#output.trimEnd()}`);
  }
}

/**
 * @typedef {object} Target
 * @property {string} url of an MCP endpoint
 * @property {Promise<never>} failure rejects when a process behind it ends early
 */

/**
 * @param {...Child} children
 * @returns {Promise<never>}
 */
export function firstFailure(...children) {
  const failure = Promise.race(children.map(child => child.failure()));
  failure.catch(() => {}); // it may come while nobody waits for this target
  return failure;
}
