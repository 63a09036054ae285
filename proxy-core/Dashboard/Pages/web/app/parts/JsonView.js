import { html, useState } from '../core/html.js';

/** Deeper and longer things are closed at first. */
const OPEN_DEPTH = 3;
const OPEN_ITEMS = 30;

/** Items of a list or object that are shown until one asks for more. */
const PIECE = 200;

/** @param {{ value: any }} props */
function Scalar({ value }) {
  if (typeof value === 'string') return html`<span class="json-string">${JSON.stringify(value)}</span>`;
  return html`<span class=${typeof value === 'number' ? 'json-number' : 'json-word'}>${String(value)}</span>`;
}

/** @param {{ name?: string }} props */
const Key = ({ name }) => (name === undefined ? null : html`<span class="json-key">${name}: </span>`);

/** @param {{ name?: string, value: any, depth: number }} props */
function Node({ name, value, depth }) {
  const [limit, setLimit] = useState(PIECE);
  if (value === null || typeof value !== 'object') return html`<${Key} name=${name} /><${Scalar} value=${value} />`;
  const isList = Array.isArray(value);
  const items = Object.entries(value);
  const brief = isList ? `[${items.length}]` : `{${items.length}}`;
  if (items.length === 0) return html`<${Key} name=${name} />${isList ? '[]' : '{}'}`;
  return html`
    <details open=${depth < OPEN_DEPTH && items.length <= OPEN_ITEMS}>
      <summary><${Key} name=${name} /><span class="soft">${isList ? '[' : '{'}<span class="json-brief"> … ${brief}</span></span></summary>
      <ul>
        ${items.slice(0, limit).map(([key, item]) => html`<li key=${key}><${Node} name=${isList ? undefined : key} value=${item} depth=${depth + 1} /></li>`)}
        ${items.length > limit &&
        html`<li><button class="button plain" type="button" onClick=${() => setLimit(limit * 5)}>${items.length - limit} more</button></li>`}
      </ul>
      <span class="soft">${isList ? ']' : '}'}</span>
    </details>
  `;
}

/** @param {{ value: any }} props */
export function JsonView({ value }) {
  return html`<div class="json block mono"><${Node} value=${value} depth=${0} /></div>`;
}

/**
 * Text that may be JSON.
 * @param {{ text: string }} props
 */
export function TextView({ text }) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return html`<pre class="block">${text}</pre>`;
  }
  return typeof value === 'object' && value !== null ? html`<${JsonView} value=${value} />` : html`<pre class="block">${text}</pre>`;
}
