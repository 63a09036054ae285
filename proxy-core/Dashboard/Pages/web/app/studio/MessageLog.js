import { time } from '../core/format.js';
import { html, useState } from '../core/html.js';
import { JsonView } from '../parts/JsonView.js';
import { clearLog, lines } from './log.js';
import { LOG_LEVELS } from './revisions.js';

const ARROWS = /** @type {Record<string, string>} */ ({ studio: '→', server: '←', widget: '◆', policy: '✗' });

/** From which level on the server is to log. @param {{ connection: import('./McpConnection.js').McpConnection }} props */
function LevelChoice({ connection }) {
  const [level, setLevel] = useState(connection.logLevel);
  const change = (/** @type {any} */ event) => {
    setLevel(event.target.value);
    connection.changeLogLevel(event.target.value).catch(() => {});
  };
  return html`
    <label class="line small soft">server logs
      <select class="select" value=${level} onChange=${change}>${LOG_LEVELS.map((one) => html`<option key=${one} value=${one}>${one}</option>`)}</select>
    </label>
  `;
}

/** What went back and forth, newest first. @param {{ connection: import('./McpConnection.js').McpConnection }} props */
export function MessageLog({ connection }) {
  const all = lines.value;
  return html`
    <section class="stack messages" aria-label="Log">
      <div class="line">
        <h3>Log</h3>
        <span class="small soft">${all.length === 0 ? 'nothing yet' : `${all.length} lines`}</span>
        <span class="push"></span>
        ${connection.info?.capabilities?.logging && html`<${LevelChoice} connection=${connection} />`}
        ${all.length > 0 && html`<button class="button plain" type="button" onClick=${clearLog}>Clear</button>`}
      </div>
      <ol class="log small">
        ${all.map(
          (line) => html`
            <li key=${line.id}>
              <details>
                <summary>
                  <span class="soft number">${time(line.at)}</span>
                  <span class=${line.isBad ? 'is-error' : ''}> ${ARROWS[line.who] ?? ''} ${line.who} ${line.isBad ? '✗ ' : ''}${line.what}</span>
                </summary>
                ${line.value !== undefined && html`<${JsonView} value=${line.value} />`}
              </details>
            </li>
          `,
        )}
      </ol>
    </section>
  `;
}
