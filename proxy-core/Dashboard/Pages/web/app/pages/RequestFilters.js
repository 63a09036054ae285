import { html } from '../core/html.js';
import { param, paramList, setParams } from '../core/location.js';
import { Segments } from '../parts/Segments.js';

const TYPES = /** @type {[string, string][]} */ ([
  ['', 'everything'],
  ['tool_call', 'tool calls'],
  ['tool_list', 'tool lists'],
  ['session_start', 'session starts'],
  ['session_end', 'session ends'],
  ['widget_serve', 'widgets'],
  ['csp_violation', 'policy violations'],
  ['request', 'other requests'],
]);

/** Typing asks when it has paused so long, in ms. */
const PAUSE = 250;

let typing = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);

/** @param {string} value */
function search(value) {
  clearTimeout(typing);
  typing = setTimeout(() => setParams({ q: value.trim() || null }, { replace: true }), PAUSE);
}

export function RequestFilters() {
  const session = param('session');
  return html`
    <${Segments} label="Status" chosen=${paramList('status')[0] ?? ''} onChoose=${(/** @type {string} */ value) => setParams({ status: value })}
      options=${[['', 'all'], ['ok', 'ok'], ['failed', 'failed']]} />
    <select class="select" aria-label="Type" value=${param('type')} onChange=${(/** @type {any} */ event) => setParams({ type: event.target.value })}>
      ${TYPES.map(([value, title]) => html`<option key=${value} value=${value}>${title}</option>`)}
    </select>
    <select class="select" aria-label="At least so slow" value=${param('min_ms')} onChange=${(/** @type {any} */ event) => setParams({ min_ms: event.target.value })}>
      <option value="">any time</option>
      ${[100, 500, 1000, 5000].map((ms) => html`<option key=${ms} value=${ms}>≥ ${ms < 1000 ? `${ms} ms` : `${ms / 1000} s`}</option>`)}
    </select>
    <input class="input search" type="search" data-search placeholder="tool, path, error, id …  ( / )" aria-label="Search" value=${param('q')}
      onInput=${(/** @type {any} */ event) => search(event.target.value)} />
    ${session && html`<button class="button" type="button" onClick=${() => setParams({ session: null })}>session ${session.slice(0, 8)}… ✕</button>`}
  `;
}
