// An answer of the API that stays up to date.

import { signal } from '@preact/signals';
import { getJson } from './api.js';
import { useEffect, useState } from './html.js';

/** Pages ask again this often, in ms, while they are looked at. */
const REFRESH = 10_000;

/** Whether the pages stand still, to read in peace. */
export const isPaused = signal(false);

/**
 * @typedef {{ data: any, problem: Error | null, isLoading: boolean, again: () => void }} Answer
 */

/**
 * Asks, and asks again when the question changes or time has passed. What was there stays until the next answer.
 * @param {string | null} path null to ask nothing
 * @param {URLSearchParams | string} query
 * @returns {Answer}
 */
export function useAnswer(path, query = '') {
  const question = path === null ? null : `${path}?${query}`;
  const [round, setRound] = useState(0);
  const [state, setState] = useState(/** @type {{ question: string | null, data: any, problem: Error | null }} */ ({ question: null, data: null, problem: null }));
  const isStill = isPaused.value;

  useEffect(() => {
    if (path === null) return undefined;
    const left = new AbortController();
    getJson(path, query, left.signal).then(
      (data) => setState({ question, data, problem: null }),
      (problem) => {
        if (!left.signal.aborted) setState((before) => ({ question, data: before.question === question ? before.data : null, problem }));
      },
    );
    return () => left.abort();
  }, [question, round]);

  useEffect(() => {
    if (path === null || isStill) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) setRound((before) => before + 1);
    }, REFRESH);
    return () => clearInterval(timer);
  }, [question, isStill]);

  const isCurrent = state.question === question;
  return {
    data: isCurrent || sameThing(state.question, question) ? state.data : null,
    problem: isCurrent ? state.problem : null,
    isLoading: !isCurrent,
    again: () => setRound((before) => before + 1),
  };
}

/**
 * Whether only parameters differ: then the old rows may stand until the new ones are there.
 * @param {string | null} one
 * @param {string | null} other
 */
const sameThing = (one, other) => one?.split('?')[0] === other?.split('?')[0];
