// What servers ask the person while they work, and the answers.

import { signal } from '@preact/signals';

/** Questions that are open at once; a server that asks more is not asking. */
const MOST = 20;

/** What JSON-RPC calls a refusal of the person (MCP, "Sampling"). */
const REFUSED = { error: { code: -1, message: 'The person at Studio refused' } };

/** @typedef {{ result?: any, error?: { code: number, message: string } }} Answer */

/** @typedef {{ key: number, method: string, params: any, settle: (answer: Answer | null) => void }} Question */

export const questions = signal(/** @type {Question[]} */ ([]));

let lastKey = 0;

/**
 * Puts a question to the person.
 * @param {string} method
 * @param {any} params
 * @param {AbortSignal} over when nobody waits for the answer any more
 * @returns {Promise<Answer | null>} null when it was over before
 */
function askPerson(method, params, over) {
  if (questions.value.length >= MOST) return Promise.resolve({ error: { code: -32603, message: `${MOST} questions are open already` } });
  if (over.aborted) return Promise.resolve(null);
  lastKey += 1;
  const key = lastKey;
  return new Promise((resolve) => {
    const settle = (/** @type {Answer | null} */ answer) => {
      questions.value = questions.value.filter((one) => one.key !== key);
      over.removeEventListener('abort', leave);
      resolve(answer);
    };
    const leave = () => settle(null);
    over.addEventListener('abort', leave);
    questions.value = [...questions.value, { key, method, params, settle }];
  });
}

/** @param {Question} question */
export const refuse = (question) => question.settle(question.method === 'elicitation/create' ? { result: { action: 'decline' } } : REFUSED);

/**
 * Answers a request of the server: what Studio knows by itself at once, the rest when the person has.
 * @param {{ method: string, params?: any }} request
 * @param {{ roots: { uri: string }[], over: AbortSignal }} options
 * @returns {Promise<Answer | null>}
 */
export async function answerServer({ method, params }, { roots, over }) {
  switch (method) {
    case 'ping':
      return { result: {} };
    case 'roots/list':
      return { result: { roots } };
    case 'elicitation/create':
    case 'sampling/createMessage':
      return askPerson(method, params ?? {}, over);
    default:
      return { error: { code: -32601, message: `Studio does not know ${method}` } };
  }
}
