import { readMessages } from './eventStream.js';

/** Between two tries, in ms: the first, and the longest. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/** Tries in a row that may fail; every one of them is in the history. */
const PATIENCE = 5;

/** @param {number} ms @param {AbortSignal} signal */
export const pause = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => [clearTimeout(timer), resolve(undefined)], { once: true });
  });

/** @param {AbortSignal} signal */
const untilSeen = (signal) =>
  new Promise((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      resolve(undefined);
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look, { once: true });
    look();
  });

/**
 * What a server says without being asked. It is open while the page is looked at: a browser has six connections for all pages of one place.
 */
export class ServerStream {
  /**
   * @param {(lastId: string | undefined, signal: AbortSignal) => Promise<Response>} open
   * @param {(message: any) => void} onMessage
   * @param {() => void} onGap called when something may have been missed
   */
  constructor(open, onMessage, onGap) {
    this.open = open;
    this.onMessage = onMessage;
    this.onGap = onGap;
    this.ended = new AbortController();
  }

  close() {
    this.ended.abort();
  }

  /** Until it is closed, or the server has no such stream. */
  async run() {
    const place = /** @type {import('./eventStream.js').Place} */ ({});
    let failures = 0;
    for (let isFirst = true; !this.ended.signal.aborted && failures < PATIENCE; isFirst = false) {
      await untilSeen(this.ended.signal);
      const outcome = await this.once(place, isFirst);
      if (outcome === 'none') return;
      failures = outcome === 'failed' ? failures + 1 : 0;
      if (!document.hidden) await pause(Math.min(LONGEST_WAIT, (place.retry ?? FIRST_WAIT) * 2 ** failures), this.ended.signal);
    }
  }

  /** @param {import('./eventStream.js').Place} place @param {boolean} isFirst */
  async once(place, isFirst) {
    const control = new AbortController();
    const leave = () => (document.hidden || this.ended.signal.aborted) && control.abort();
    document.addEventListener('visibilitychange', leave);
    this.ended.signal.addEventListener('abort', leave);
    try {
      const response = await this.open(place.id, control.signal);
      if (!response.ok || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
        // 4xx is for good: most servers have nothing to say by themselves.
        await response.body?.cancel();
        return response.status < 500 ? 'none' : 'failed';
      }
      if (!isFirst) this.onGap();
      // One that is closed before anything came would be opened again for ever.
      return (await readMessages(response, this.onMessage, place)) > 0 ? 'ended' : 'failed';
    } catch {
      return control.signal.aborted ? 'ended' : 'failed';
    } finally {
      document.removeEventListener('visibilitychange', leave);
      this.ended.signal.removeEventListener('abort', leave);
    }
  }
}
