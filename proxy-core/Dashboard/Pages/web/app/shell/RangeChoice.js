import { html, useRef, useState } from '../core/html.js';
import { param, setParams } from '../core/location.js';

const RANGES = /** @type {[string, string][]} */ ([
  ['15m', 'last 15 minutes'],
  ['1h', 'last hour'],
  ['6h', 'last 6 hours'],
  ['24h', 'last 24 hours'],
  ['7d', 'last 7 days'],
  ['30d', 'last 30 days'],
]);

const DEFAULT = '1h';

/**
 * What a field for local time has, as the API wants it.
 * @param {string} local
 */
const utc = (local) => (local ? new Date(local).toISOString() : null);

/** @param {string} at */
function local(at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** @param {string} since @param {string} until */
function nameOf(since, until) {
  const known = RANGES.find(([value]) => value === since && !until)?.[1];
  if (known) return known;
  const text = (/** @type {string} */ at) => (at.includes('T') ? local(at).replace('T', ' ') : `${at} ago`);
  return `${text(since)} – ${until ? text(until) : 'now'}`;
}

/** @param {{ onDone: () => void }} props */
function OwnRange({ onDone }) {
  const [since, setSince] = useState(local(param('since')));
  const [until, setUntil] = useState(local(param('until')));
  const apply = (/** @type {Event} */ event) => {
    event.preventDefault();
    setParams({ since: utc(since), until: utc(until) });
    onDone();
  };
  return html`
    <form class="stack" onSubmit=${apply}>
      <input class="input" type="datetime-local" step="1" aria-label="from" value=${since} required onInput=${(/** @type {any} */ e) => setSince(e.target.value)} />
      <input class="input" type="datetime-local" step="1" aria-label="to, empty for now" value=${until} onInput=${(/** @type {any} */ e) => setUntil(e.target.value)} />
      <span><input class="button" type="submit" value="Show" /></span>
    </form>
  `;
}

export function RangeChoice() {
  const box = useRef(/** @type {HTMLDetailsElement | null} */ (null));
  const since = param('since') || DEFAULT;
  const close = () => {
    if (box.current) box.current.open = false;
  };
  const choose = (/** @type {string} */ value) => {
    setParams({ since: value === DEFAULT ? null : value, until: null });
    close();
  };
  return html`
    <details class="choice" name="choices" ref=${box}>
      <summary class="button"><span class="clip">${nameOf(since, param('until'))}</span></summary>
      <div class="popup">
        ${RANGES.map(([value, title]) => html`<button key=${value} type="button" onClick=${() => choose(value)}>${title}</button>`)}
        <hr />
        <${OwnRange} key=${since + param('until')} onDone=${close} />
      </div>
    </details>
  `;
}
