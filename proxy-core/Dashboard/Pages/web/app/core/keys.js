// The keyboard. Rows and search boxes say what they are, and the keys find them.
//
//   [data-row] is a row that can be walked to, [data-search] the box that / leads to, [data-close] what Esc presses.

/** Pages by the key that follows g. */
export const PAGES_BY_KEY = /** @type {Record<string, string>} */ ({
  o: 'overview',
  t: 'tools',
  r: 'requests',
  s: 'sessions',
  e: 'errors',
  w: 'slow',
  c: 'clients',
  v: 'versions',
  p: 'policies',
  a: 'alerts',
  u: 'studio',
});

/** How long the second key may take, in ms. */
const PAIR = 1200;

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** @param {number} step */
function walk(step) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-row]')]).filter((row) => row.offsetParent !== null);
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const selected = rows.findIndex((row) => row.getAttribute('aria-selected') === 'true');
  const from = at >= 0 ? at : selected >= 0 ? selected : step > 0 ? -1 : rows.length;
  const next = rows[Math.min(rows.length - 1, Math.max(0, from + step))];
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

/** @param {string} selector */
function press(selector) {
  const found = [...document.querySelectorAll(selector)].at(-1);
  if (found instanceof HTMLElement) found.click();
  return found !== undefined;
}

/** @param {{ goTo: (page: string) => void, help: () => void, pause: () => void }} actions */
export function listenToKeys({ goTo, help, pause }) {
  let pairUntil = 0;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === 'Escape') {
      if (isTyping(event.target)) /** @type {HTMLElement} */ (event.target).blur();
      else if (press('[data-close]')) event.preventDefault();
      return;
    }
    if (isTyping(event.target)) return;
    const isPair = event.timeStamp < pairUntil;
    pairUntil = 0;
    if (isPair && PAGES_BY_KEY[event.key]) goTo(PAGES_BY_KEY[event.key]);
    else if (event.key === 'g') pairUntil = event.timeStamp + PAIR;
    else if (event.key === 'j') walk(1);
    else if (event.key === 'k') walk(-1);
    else if (event.key === '?') help();
    else if (event.key === 'p') pause();
    else if (event.key === '/') /** @type {HTMLElement | null} */ (document.querySelector('[data-search]'))?.focus();
    else return;
    event.preventDefault();
  });
}

/**
 * Enter and space press a row as a click does.
 * @param {() => void} action
 */
export const pressable = (action) => ({
  tabIndex: 0,
  'data-row': true,
  onClick: action,
  onKeyDown: (/** @type {KeyboardEvent} */ event) => {
    if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    action();
  },
});
