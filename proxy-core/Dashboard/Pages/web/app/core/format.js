// Numbers and times as people read them. `–` stands for what is not known.

const NOTHING = '–';
const number = new Intl.NumberFormat('en');

/** @param {number | null | undefined} value */
export const count = (value) => (value === null || value === undefined ? NOTHING : number.format(value));

/**
 * `40 µs`, `7.9 ms`, `412 ms`, `2.14 s`, `12m 41s`, `3h 05m`
 * @param {number | null | undefined} ms
 */
export function duration(ms) {
  if (ms === null || ms === undefined) return NOTHING;
  if (ms > 0 && ms < 0.095) return `${Math.max(1, Math.round(ms * 1000))} µs`;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  const pad = (/** @type {number} */ part) => String(part).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h ${pad(Math.floor((seconds % 3600) / 60))}m`;
  return `${Math.floor(seconds / 86_400)}d ${Math.floor((seconds % 86_400) / 3600)}h`;
}

/**
 * The width of a step of a timeline: `minute`, `5 minutes`, `90 s`
 * @param {number} seconds
 */
export function step(seconds) {
  const units = /** @type {[number, string][]} */ ([[86_400, 'day'], [3600, 'hour'], [60, 'minute']]);
  const unit = units.find(([size]) => seconds % size === 0);
  if (!unit) return `${seconds} s`;
  return seconds === unit[0] ? unit[1] : `${seconds / unit[0]} ${unit[1]}s`;
}

/** @param {number | null | undefined} value */
export function bytes(value) {
  if (value === null || value === undefined) return NOTHING;
  if (value < 1024) return `${value} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let size = value / 1024;
  let unit = 0;
  for (; size >= 1023.5 && unit < units.length - 1; unit++) size /= 1024;
  return `${size.toFixed(size < 9.95 ? 1 : 0)} ${units[unit]}`;
}

/**
 * A rate of 0 to 1.
 * @param {number | null | undefined} rate
 */
export function percent(rate) {
  if (rate === null || rate === undefined) return NOTHING;
  const value = rate * 100;
  return value > 0 && value < 0.1 ? '<0.1%' : `${value.toFixed(value < 9.95 && value > 0 ? 1 : 0)}%`;
}

/** @param {number | null | undefined} value */
export const factor = (value) => (value ? `${value < 9.95 ? value.toFixed(1) : count(Math.round(value))}×` : NOTHING);

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

/**
 * The time of day, with the date where that is another than today.
 * @param {string | null | undefined} at
 * @param {number} now
 */
export function time(at, now = Date.now()) {
  if (!at) return NOTHING;
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(now).toDateString();
  return isToday ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}

/**
 * In local time with its zone, and in UTC.
 * @param {string | null | undefined} at
 */
export function exactTime(at) {
  if (!at) return '';
  const date = new Date(at);
  return `${date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' })}\n${date.toISOString()}`;
}

/**
 * @param {string | null | undefined} at
 * @param {number} now
 */
export function ago(at, now = Date.now()) {
  if (!at) return 'never';
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  if (seconds < 5) return 'now';
  if (seconds < 60) return `${seconds}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h ago`;
  return `${Math.floor(seconds / 86_400)}d ago`;
}

/**
 * How a figure has changed against the one before: `+12%`, `-3%`; null where there is nothing to compare.
 * @param {number | null | undefined} now
 * @param {number | null | undefined} before
 */
export function change(now, before) {
  if (now === null || now === undefined || !before) return null;
  const ratio = now / before - 1;
  if (Math.abs(ratio) < 0.005) return '±0%';
  const value = Math.abs(ratio) * 100;
  return `${ratio > 0 ? '+' : '−'}${value >= 1000 ? '>999' : value.toFixed(value < 9.95 ? 1 : 0)}%`;
}

/** @param {string | null | undefined} id */
export const shortId = (id) => (id ? (id.length > 10 ? `${id.slice(0, 8)}…` : id) : NOTHING);
