import { html } from '../core/html.js';
import { Detail } from '../parts/Detail.js';
import { JsonView } from '../parts/JsonView.js';
import { Time } from '../parts/Time.js';

const SIGNS = /** @type {Record<string, string>} */ ({ added: '+ added', removed: '− removed', changed: '~ changed' });

/** @param {any} value */
const written = (value) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** @param {{ one: any }} props */
function Change({ one }) {
  const isLoss = one.change !== 'added';
  const isGain = one.change !== 'removed';
  return html`
    <li class="stack">
      <span>${SIGNS[one.change] ?? one.change} <span class="mono">${one.path}</span></span>
      ${isLoss && html`<pre class="diff-before"><span class="for-readers">before: </span>${written(one.before)}</pre>`}
      ${isGain && html`<pre class="diff-after"><span class="for-readers">after: </span>${written(one.after)}</pre>`}
    </li>
  `;
}

/** @param {{ version: any, isNewest: boolean }} props */
function Version({ version, isNewest }) {
  return html`
    <section class="stack">
      <h3>v${version.version}${isNewest ? ', now' : ''} · since <${Time} at=${version.first_seen} /></h3>
      ${version.changes?.length > 0
        ? html`<ul class="diff">${version.changes.map((/** @type {any} */ one) => html`<${Change} key=${one.path} one=${one} />`)}</ul>`
        : html`<p class="soft">The first that was seen.</p>`}
      <details>
        <summary>The whole definition</summary>
        <${JsonView} value=${version.definition} />
      </details>
    </section>
  `;
}

/** @param {{ tool: any, onClose: () => void }} props */
export function VersionDetail({ tool, onClose }) {
  return html`
    <${Detail} title=${tool.tool} onClose=${onClose}>
      ${tool.versions.map((/** @type {any} */ version, /** @type {number} */ at) => html`<${Version} key=${version.hash} version=${version} isNewest=${at === 0} />`)}
    <//>
  `;
}
