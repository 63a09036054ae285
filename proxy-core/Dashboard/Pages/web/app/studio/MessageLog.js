import { time } from '../core/format.js';
import { html } from '../core/html.js';
import { JsonView } from '../parts/JsonView.js';
import { clearLog, lines } from './log.js';

const ARROWS = /** @type {Record<string, string>} */ ({ studio: '→', server: '←', widget: '◆', policy: '✗' });

/** What went back and forth, newest first. */
export function MessageLog() {
  const all = lines.value;
  return html`
    <section class="stack messages" aria-label="Log">
      <div class="line">
        <h3>Log</h3>
        <span class="small soft">${all.length === 0 ? 'nothing yet' : `${all.length} lines`}</span>
        ${all.length > 0 && html`<button class="button plain push" type="button" onClick=${clearLog}>Clear</button>`}
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
