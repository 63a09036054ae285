import { postJson } from '../core/api.js';
import { duration } from '../core/format.js';
import { html, useState } from '../core/html.js';
import { headersFrom, pretty } from '../core/text.js';
import { Problem } from '../parts/Shown.js';
import { CapturedMessage } from './CapturedMessage.js';

/** @param {{ answer: any }} props */
function Replayed({ answer }) {
  return html`
    <h3>The answer, after ${duration(answer.duration_ms)}</h3>
    ${!answer.is_complete && html`<p class="notice">▲ The answer went on; this is what came until the limit.</p>`}
    <${CapturedMessage} line=${`HTTP ${answer.status}`} headers=${answer.headers} body=${answer.body} />
  `;
}

/**
 * Sends a captured request again, as it was or changed.
 * @param {{ id: string, captured: any }} props
 */
export function ReplayForm({ id, captured }) {
  const original = pretty(captured.body?.text ?? '');
  const [body, setBody] = useState(original);
  const [headers, setHeaders] = useState('');
  const [state, setState] = useState(/** @type {{ isSending?: boolean, answer?: any, problem?: Error }} */ ({}));
  const send = async () => {
    setState({ isSending: true });
    try {
      setState({ answer: await postJson(`requests/${id}/replay`, { ...(body !== original && { body }), headers: headersFrom(headers) }) });
    } catch (problem) {
      setState({ problem: /** @type {Error} */ (problem) });
    }
  };
  const missing = captured.missing_headers ?? [];
  if (!captured.can_replay && !captured.body?.is_cut) return html`<p class="soft">This request cannot be sent again.</p>`;
  return html`
    ${captured.body?.is_cut && html`<p class="notice">▲ The body was longer than what was kept. Complete it before you send it.</p>`}
    ${missing.length > 0 && html`<p class="small soft">Sent without ${missing.join(', ')}, whose values were not kept, unless you write them below.</p>`}
    <label class="stack"><h3>Body</h3>
      <textarea class="area" rows="10" spellcheck="false" value=${body} onInput=${(/** @type {any} */ event) => setBody(event.target.value)}></textarea>
    </label>
    <label class="stack"><h3>Other headers, one per line</h3>
      <textarea class="area" rows="2" spellcheck="false" placeholder="authorization: Bearer …" value=${headers} onInput=${(/** @type {any} */ event) => setHeaders(event.target.value)}></textarea>
    </label>
    <div class="line">
      <button class="button primary" type="button" disabled=${state.isSending} onClick=${send}>${body === original && !headers ? 'Replay' : 'Replay with changes'}</button>
      ${body !== original && html`<button class="button" type="button" onClick=${() => setBody(original)}>As it was</button>`}
      ${state.isSending && html`<span class="soft" role="status">Sent, waiting …</span>`}
    </div>
    ${state.problem && html`<${Problem} problem=${state.problem} />`}
    ${state.answer && html`<${Replayed} answer=${state.answer} />`}
  `;
}
