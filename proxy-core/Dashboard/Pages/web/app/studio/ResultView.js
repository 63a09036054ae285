import { bytes, duration } from '../core/format.js';
import { html, useState } from '../core/html.js';
import { CopyButton } from '../parts/CopyButton.js';
import { JsonView } from '../parts/JsonView.js';
import { Status } from '../parts/Status.js';
import { Tabs } from '../parts/Tabs.js';
import { ContentBlock, ResourceContent } from './ContentBlock.js';

/** @param {any} answer */
const stateOf = (answer) => (answer?.result ? (answer.result.isError ? 'tool_error' : 'ok') : 'error');

/** @param {{ result: any }} props */
function Content({ result }) {
  if (result.contents) return result.contents.map((/** @type {any} */ one) => html`<${ResourceContent} resource=${one} />`);
  if (result.messages) {
    return result.messages.map((/** @type {any} */ one) => html`<h3>${one.role}</h3><${ContentBlock} block=${one.content} />`);
  }
  if (result.resultType === 'input_required') return html`<p class="is-warn">▲ The server needs input before it can answer, and did not get it.</p><${JsonView} value=${result} />`;
  if (!Array.isArray(result.content)) return html`<${JsonView} value=${result} />`;
  if (result.content.length === 0) return html`<p class="soft">No content.</p>`;
  return result.content.map((/** @type {any} */ block) => html`<${ContentBlock} block=${block} />`);
}

/** @param {{ error: any }} props */
function Failure({ error }) {
  return html`
    <p class="problem" role="alert">✗ ${error.message} (${error.code})</p>
    ${error.data !== undefined && html`<${JsonView} value=${error.data} />`}
  `;
}

/**
 * What came of a request.
 * @param {{ exchange: import('./McpConnection.js').Exchange }} props
 */
export function ResultView({ exchange }) {
  const { answer, status, ms, size, headers, request, rounds } = exchange;
  const result = answer?.result;
  const hasStructure = result?.structuredContent !== undefined;
  const [chosen, setTab] = useState('content');
  const tab = chosen === 'structured' && !hasStructure ? 'content' : chosen;
  const tabs = /** @type {[string, any][]} */ ([['content', 'Result'], ...(hasStructure ? [['structured', 'Structured']] : []), ['raw', 'Raw'], ['headers', 'Headers']]);
  return html`
    <section class="stack" aria-label="Result" aria-live="polite">
      <div class="line small">
        <${Status} state=${stateOf(answer)} />
        <span>HTTP ${status}</span><span class="number" title="as this browser saw it">${duration(ms)}</span><span>${bytes(size)}</span>${rounds && html`<span class="soft">after ${rounds} ${rounds === 1 ? 'round' : 'rounds'} of input</span>`}
        <span class="push"><${CopyButton} text=${JSON.stringify(answer ?? null, null, 2)} /></span>
      </div>
      <${Tabs} label="Result" tabs=${tabs} chosen=${tab} onChoose=${setTab} />
      ${tab === 'content' && result && html`<${Content} result=${result} />`}
      ${tab === 'content' && answer?.error && html`<${Failure} error=${answer.error} />`}
      ${tab === 'content' && !answer && html`<p class="soft">There was no answer in the body.</p>`}
      ${tab === 'structured' && html`<${JsonView} value=${result.structuredContent} />`}
      ${tab === 'raw' && html`<h3>Sent</h3><${JsonView} value=${request} /><h3>Received</h3>${answer && html`<${JsonView} value=${answer} />`}`}
      ${tab === 'headers' && html`<pre class="block">${headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</pre>`}
    </section>
  `;
}
