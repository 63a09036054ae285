// The live feed.

import { apiUrl } from './api.js';
import { useEffect, useRef, useState } from './html.js';

/** Rows that are kept. The rest is a question of the API. */
const KEPT = 500;

/** Rows that come at once are shown together, this often in ms. */
const PACE = 200;

/** A browser comes back when a feed broke off, but not when it was refused, because too many others watch. Then this asks again, in ms. */
const AGAIN = 10_000;

/**
 * Rows since the page is looked at, newest first.
 * @param {URLSearchParams | null} query null for a feed that stands still
 */
export function useFeed(query) {
  const question = query?.toString() ?? null;
  const [state, setState] = useState({ question, rows: /** @type {any[]} */ ([]), dropped: 0, isOpen: false });
  const waiting = useRef(/** @type {any[]} */ ([]));

  useEffect(() => {
    if (question === null) return undefined;
    setState((before) => (before.question === question ? before : { question, rows: [], dropped: 0, isOpen: false }));
    /** @type {EventSource} */
    let source;
    let again = 0;
    const open = () => {
      source = new EventSource(apiUrl('stream', question));
      source.addEventListener('open', () => setState((before) => ({ ...before, isOpen: true })));
      source.addEventListener('error', () => {
        setState((before) => ({ ...before, isOpen: false }));
        if (source.readyState === EventSource.CLOSED) again = window.setTimeout(open, AGAIN);
      });
      source.addEventListener('request', (event) => waiting.current.push(JSON.parse(event.data)));
      source.addEventListener('dropped', (event) => {
        const { count } = JSON.parse(event.data);
        setState((before) => ({ ...before, dropped: before.dropped + count }));
      });
    };
    open();
    const timer = setInterval(() => {
      if (waiting.current.length === 0) return;
      const fresh = waiting.current.reverse();
      waiting.current = [];
      setState((before) => ({ ...before, rows: [...fresh, ...before.rows].slice(0, KEPT) }));
    }, PACE);
    return () => {
      source.close();
      clearTimeout(again);
      clearInterval(timer);
    };
  }, [question]);

  return state;
}
