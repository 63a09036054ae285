import { html, useEffect, useRef, useState } from '../core/html.js';
import { param, setParams } from '../core/location.js';
import { widgetOf } from './catalog.js';

/** What of Studio's parameters goes when something else is chosen. */
const NOTHING = { call: null, resource: null, prompt: null, raw: null, from: null };

/** @param {any} one */
const textOf = (one) => `${one.name ?? ''} ${one.title ?? ''} ${one.uri ?? one.uriTemplate ?? ''} ${one.description ?? ''}`.toLowerCase();

/** @param {{ title: string, items: any[], name: string, keyOf: (one: any) => string, mark?: (one: any) => any, filter: string }} props */
function Group({ title, items, name, keyOf, mark, filter }) {
  const shown = items.filter((one) => textOf(one).includes(filter));
  if (items.length === 0) return null;
  return html`
    <section>
      <h3>${title} <span class="number">${shown.length === items.length ? items.length : `${shown.length} of ${items.length}`}</span></h3>
      <ul>
        ${shown.map((one) => {
          const key = keyOf(one);
          return html`
            <li key=${key}>
              <button type="button" data-row aria-current=${param(name) === key ? 'true' : undefined} onClick=${() => setParams({ ...NOTHING, [name]: key })}>
                <span class="clip">${one.title ?? one.name ?? key}</span>${mark?.(one)}
                <span class="clip small soft">${one.description ?? key}</span>
              </button>
            </li>
          `;
        })}
      </ul>
    </section>
  `;
}

/** @param {{ catalog: import('./catalog.js').Catalog }} props */
export function SubjectList({ catalog }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const chosen = box.current?.querySelector('[aria-current]');
    if (box.current && chosen instanceof HTMLElement) box.current.scrollTop = chosen.offsetTop - box.current.clientHeight / 2;
  }, []);
  const [filter, setFilter] = useState('');
  const common = { filter: filter.trim().toLowerCase() };
  const widgetMark = (/** @type {any} */ tool) => widgetOf(tool) && html`<span class="tag">widget</span>`;
  return html`
    <div class="subjects" ref=${box}>
      <input class="input" type="search" data-search placeholder="Filter  ( / )" aria-label="Filter" value=${filter} onInput=${(/** @type {any} */ event) => setFilter(event.target.value)} />
      <${Group} ...${common} title="Tools" name="call" items=${catalog.tools} keyOf=${(/** @type {any} */ one) => one.name} mark=${widgetMark} />
      <${Group} ...${common} title="Resources" name="resource" items=${catalog.resources} keyOf=${(/** @type {any} */ one) => one.uri} />
      <${Group} ...${common} title="Templates" name="resource" items=${catalog.templates} keyOf=${(/** @type {any} */ one) => one.uriTemplate} />
      <${Group} ...${common} title="Prompts" name="prompt" items=${catalog.prompts} keyOf=${(/** @type {any} */ one) => one.name} />
      <section>
        <ul><li><button type="button" data-row aria-current=${param('raw') ? 'true' : undefined} onClick=${() => setParams({ ...NOTHING, raw: '1' })}>JSON-RPC message</button></li></ul>
      </section>
    </div>
  `;
}
