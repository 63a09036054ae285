// What went back and forth in Studio.

import { signal } from '@preact/signals';

/** Older lines go. */
const KEPT = 300;

/** @typedef {{ id: number, at: string, who: string, what: string, isBad?: boolean, value?: any }} LogLine */

export const lines = signal(/** @type {LogLine[]} */ ([]));

let lastId = 0;

/**
 * @param {string} who `studio`, `server`, `widget`, `policy`
 * @param {string} what
 * @param {any} [value]
 * @param {boolean} [isBad]
 */
export function log(who, what, value, isBad = false) {
  lastId += 1;
  lines.value = [{ id: lastId, at: new Date().toISOString(), who, what, value, isBad }, ...lines.value].slice(0, KEPT);
}

/** Levels of what servers log that mean trouble. */
const BAD_LEVELS = ['error', 'critical', 'alert', 'emergency'];

/** What a server says by itself: what it logs reads as such. @param {any} message */
export function logHeard(message) {
  if (message.method !== 'notifications/message') {
    log('server', message.method, message);
    return;
  }
  const { level, logger, data } = message.params ?? {};
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  log('server', `${level}${logger ? ` ${logger}` : ''}: ${text}`, message, BAD_LEVELS.includes(level));
}

export const clearLog = () => {
  lines.value = [];
};
