import { html, useState } from '../core/html.js';
import { shortId } from '../core/format.js';

/** @param {{ headers: string, onHeaders: (text: string) => void }} props */
function Headers({ headers, onHeaders }) {
  const [draft, setDraft] = useState(headers);
  const set = headers.split('\n').filter((line) => line.includes(':')).length;
  return html`
    <details class=${`choice ${set > 0 ? 'is-set' : ''}`} name="choices">
      <summary class="button">Headers${set > 0 ? ` (${set})` : ''}</summary>
      <div class="popup stack">
        <p class="small soft">One per line, sent with every message. They stay in this page.</p>
        <textarea class="area" rows="4" spellcheck="false" aria-label="Headers" placeholder="authorization: Bearer …" value=${draft} onInput=${(/** @type {any} */ event) => setDraft(event.target.value)}></textarea>
        <span><button class="button primary" type="button" onClick=${() => onHeaders(draft)}>Connect with these</button></span>
      </div>
    </details>
  `;
}

/**
 * @param {{ connection?: import('./McpConnection.js').McpConnection, servers: any[], server: string, headers: string,
 *   onHeaders: (text: string) => void, onServer: (server: string) => void, onAgain: () => void }} props
 */
export function ConnectionLine({ connection, servers, server, headers, onHeaders, onServer, onAgain }) {
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
      <${Headers} headers=${headers} onHeaders=${onHeaders} />
      <button class="button" type="button" onClick=${onAgain}>↻ Connect again</button>
    </div>
  `;
}
