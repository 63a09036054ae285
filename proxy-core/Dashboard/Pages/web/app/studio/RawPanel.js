import { html, useState } from '../core/html.js';
import { Problem } from '../parts/Shown.js';
import { Progress } from './Progress.js';
import { ResultView } from './ResultView.js';
import { useCall } from './useCall.js';

const EXAMPLE = '{\n  "jsonrpc": "2.0",\n  "id": 1,\n  "method": "ping"\n}';

/**
 * Any JSON-RPC message, as it is written.
 * @param {{ connection: import('./McpConnection.js').McpConnection }} props
 */
export function RawPanel({ connection }) {
  const [text, setText] = useState(EXAMPLE);
  const call = useCall();
  let message = /** @type {any} */ (undefined);
  let fault = '';
  try {
    message = JSON.parse(text);
  } catch (problem) {
    fault = /** @type {Error} */ (problem).message;
  }
  const send = () => call.run((options) => connection.send(message, options));
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !fault) send();
  };
  return html`
    <div class="stack" onKeyDown=${onKeyDown}>
      <h2>JSON-RPC</h2>
      <p class="soft">Sent as it is, in the session that Studio has${connection.session ? html` (<span class="mono">${connection.session}</span>)` : ''}.</p>
      <textarea class="area" rows="10" spellcheck="false" aria-label="Message" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)}></textarea>
      <div class="line">
        <button class="button primary" type="button" disabled=${Boolean(fault) || call.isRunning} title="Ctrl Enter" onClick=${send}>▶ Send</button>
        ${fault && html`<span class="small is-error">✗ ${fault}</span>`}
      </div>
      ${call.isRunning && html`<${Progress} progress=${call.progress} onStop=${call.stop} />`}
      ${call.problem && html`<${Problem} problem=${call.problem} />`}
      ${call.exchange && html`<${ResultView} exchange=${call.exchange} />`}
    </div>
  `;
}
