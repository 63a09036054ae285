import { html, useState } from '../core/html.js';
import { Problem } from '../parts/Shown.js';
import { Progress } from './Progress.js';
import { ResultView } from './ResultView.js';
import { useCall } from './useCall.js';

/**
 * @param {{ connection: import('./McpConnection.js').McpConnection, prompt: any }} props
 */
export function PromptPanel({ connection, prompt }) {
  const [values, setValues] = useState(/** @type {Record<string, string>} */ ({}));
  const call = useCall();
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  const get = () => call.run((options) => connection.exchange('prompts/get', { name: prompt.name, arguments: given }, options));
  return html`
    <div class="stack">
      <h2>${prompt.title ?? prompt.name}</h2>
      ${prompt.description && html`<p class="soft">${prompt.description}</p>`}
      ${(prompt.arguments ?? []).map(
        (/** @type {any} */ one) => html`
          <label class="field" key=${one.name}>
            <span><span class="mono">${one.name}</span>${one.required ? html`<span class="is-error"> *</span>` : ''}</span>
            <input class="input" value=${values[one.name] ?? ''} onInput=${(/** @type {any} */ event) => setValues({ ...values, [one.name]: event.target.value })} />
            ${one.description && html`<span class="small soft">${one.description}</span>`}
          </label>
        `,
      )}
      <span><button class="button primary" type="button" disabled=${call.isRunning} onClick=${get}>Get</button></span>
      ${call.isRunning && html`<${Progress} progress=${call.progress} onStop=${call.stop} />`}
      ${call.problem && html`<${Problem} problem=${call.problem} />`}
      ${call.exchange && html`<${ResultView} exchange=${call.exchange} />`}
    </div>
  `;
}
