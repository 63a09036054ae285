import { apiUrl, getText } from '../core/api.js';
import { useAnswer } from '../core/answer.js';
import { bytes, duration, exactTime } from '../core/format.js';
import { html } from '../core/html.js';
import { param, setParams, urlOf } from '../core/location.js';
import { team } from '../core/status.js';
import { CopyButton } from '../parts/CopyButton.js';
import { Detail, Facts } from '../parts/Detail.js';
import { Outcome, SessionLink, subjectOf, Took } from '../parts/RequestCells.js';
import { Shown } from '../parts/Shown.js';
import { Tabs } from '../parts/Tabs.js';
import { Waterfall } from '../parts/Waterfall.js';
import { CapturedMessage } from './CapturedMessage.js';
import { ReplayForm } from './ReplayForm.js';

/** @param {{ data: any }} props */
function Summary({ data }) {
  const { request } = data;
  return html`
    <${Facts}
      facts=${[
        ['Outcome', html`<${Outcome} row=${request} /> ${request.error_message ? html`<span class="is-error">${request.error_message}</span>` : ''}`],
        ['Took', request.latency_ms != null && html`<${Took} row=${request} />${data.usual_ms ? html` <span class="soft">usual for this tool: ${duration(data.usual_ms)}</span>` : ''}`],
        ['Method', request.method && html`<span class="mono">${request.method}</span>${request.http_status ? ` · HTTP ${request.http_status}` : ''}`],
        ['When', html`<span title=${exactTime(request.ts)}>${new Date(request.ts).toLocaleString()}</span>`],
        ['Client', [request.client, request.client_version].filter(Boolean).join(' ')],
        ['Revision', request.protocol_version],
        ['Session', request.session && html`<${SessionLink} row=${request} />`],
        ['Server', team.value ? [request.server, request.upstream].filter(Boolean).join(' at ') : (request.upstream ?? request.server)],
        ['Size', request.bytes_in != null && `${bytes(request.bytes_in)} in, ${bytes(request.bytes_out)} out`],
        ['Policy', request.csp_applied ? 'the policy of a widget was completed' : null],
        ['Widget', request.widget],
        ['Allowed by', request.fix && html`<code>${request.fix}</code> <${CopyButton} text=${request.fix} />`],
        ['Request id', request.request_id && html`<span class="mono">${request.request_id}</span>`],
      ]}
    />
  `;
}

/** @param {{ data: any }} props */
function Timing({ data }) {
  if (!data.waterfall?.length) return null;
  return html`
    <section class="stack">
      <h3>Where the time went</h3>
      <${Waterfall} stages=${data.waterfall} total=${data.request.latency_ms ?? 0} />
      ${data.overhead_ms != null && html`<p class="small soft">mcpr itself ${duration(data.overhead_ms)}</p>`}
    </section>
  `;
}

/** @param {{ id: string, data: any }} props */
function Content({ id, data }) {
  const { captured } = data;
  const tab = param('tab') || 'request';
  // A violation, or the end of a session, is no exchange.
  if (!data.request.http_status) return null;
  if (!captured && team.value) return html`<p class="soft">Headers and bodies stay where the server is: mcpr sends none.</p>`;
  if (!captured) {
    return html`<p class="soft">Headers and bodies are not kept any more. mcpr has those of the newest requests, in memory only, unless <code>dashboard.bodies</code> is off.</p>`;
  }
  return html`
    <div class="line">
      <${CopyButton} label="Copy as curl" text=${() => getText(`requests/${id}/curl`)} />
      <a class="button" download=${`${id}.har`} href=${apiUrl(`requests/${id}/har`)}>HAR</a>
      ${data.request.tool && html`<a class="button" href=${urlOf('studio', { call: data.request.tool, from: id })}>Open in Studio</a>`}
    </div>
    <${Tabs} label="Parts" chosen=${tab} onChoose=${(/** @type {string} */ name) => setParams({ tab: name }, { replace: true })}
      tabs=${[['request', 'Request'], ['response', 'Response'], ['replay', 'Replay']]} />
    ${tab === 'request' && html`<${CapturedMessage} line=${`${captured.method} ${captured.target}`} headers=${captured.headers} body=${captured.body} />`}
    ${tab === 'response' && html`<${CapturedMessage} line=${`HTTP ${captured.status}`} headers=${captured.response_headers} body=${captured.response_body} />`}
    ${tab === 'replay' && html`<${ReplayForm} id=${id} captured=${captured} />`}
  `;
}

/** @param {{ id: string, onClose: () => void }} props */
export function RequestDetail({ id, onClose }) {
  const answer = useAnswer(`requests/${encodeURIComponent(id)}`);
  return html`
    <${Detail} title=${answer.data ? subjectOf(answer.data.request) : 'Request'} onClose=${onClose}>
      <${Shown} answer=${answer}>
        ${(/** @type {any} */ data) => html`<${Summary} data=${data} /><${Timing} data=${data} /><${Content} id=${id} data=${data} />`}
      <//>
    <//>
  `;
}
