import { html, useState } from '../core/html.js';
import { shortId } from '../core/format.js';
import { param, setParams } from '../core/location.js';
import { LEGACY, MODERN } from './revisions.js';

/**
 * Lines that the connection takes along. They stay in this page.
 * @param {{ name: string, about: string, example: string, text: string, onText: (text: string) => void }} props
 */
function Lines({ name, about, example, text, onText }) {
  const [draft, setDraft] = useState(text);
  const set = text.split('\n').filter((line) => line.includes(':')).length;
  return html`
    <details class=${`choice ${set > 0 ? 'is-set' : ''}`} name="choices">
      <summary class="button">${name}${set > 0 ? ` (${set})` : ''}</summary>
      <div class="popup stack">
        <p class="small soft">${about}</p>
        <textarea class="area" rows="4" spellcheck="false" aria-label=${name} placeholder=${example} value=${draft} onInput=${(/** @type {any} */ event) => setDraft(event.target.value)}></textarea>
        <span><button class="button primary" type="button" onClick=${() => onText(draft)}>Connect with these</button></span>
      </div>
    </details>
  `;
}

function Revision() {
  return html`
    <select class="select" aria-label="Revision" title="Which revision of MCP Studio speaks" value=${param('revision')} onChange=${(/** @type {any} */ event) => setParams({ revision: event.target.value })}>
      <option value="">any revision</option>
      ${[LEGACY, MODERN].map((one) => html`<option key=${one} value=${one}>${one}</option>`)}
    </select>
  `;
}

/**
 * @param {{ connection?: import('./McpConnection.js').McpConnection, servers: any[], server: string,
 *   texts: { headers: string, roots: string }, onTexts: (texts: { headers: string, roots: string }) => void, onServer: (server: string) => void, onAgain: () => void }} props
 */
export function ConnectionLine({ connection, servers, server, texts, onTexts, onServer, onAgain }) {
  const info = connection?.info?.serverInfo ?? connection?.info?.['_meta']?.['io.modelcontextprotocol/serverInfo'];
  return html`
    <div class="line">
      ${servers.length > 1
        ? html`<select class="select" aria-label="Server" value=${server} onChange=${(/** @type {any} */ event) => onServer(event.target.value)}>
            ${servers.map((one) => html`<option key=${one.server} value=${one.server}>${one.server}</option>`)}
          </select>`
        : html`<span class="mono">${server}</span>`}
      ${connection &&
      html`<span class="soft small">
        <span class="is-ok">●</span> ${info ? `${info.title ?? info.name} ${info.version ?? ''}` : 'connected'} · ${connection.version}${connection.session ? html` · session <span class="mono" title=${connection.session}>${shortId(connection.session)}</span>` : ''}
      </span>`}
      <span class="push"></span>
      <${Revision} />
      <${Lines} name="Headers" about="One per line, sent with every message. They stay in this page." example="authorization: Bearer …" text=${texts.headers}
        onText=${(/** @type {string} */ headers) => onTexts({ ...texts, headers })} />
      <${Lines} name="Roots" about="Folders that the server is told of when it asks, a URI per line." example="file:///home/me/project" text=${texts.roots}
        onText=${(/** @type {string} */ roots) => onTexts({ ...texts, roots })} />
      <button class="button" type="button" onClick=${onAgain}>↻ Connect again</button>
    </div>
  `;
}
