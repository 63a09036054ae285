import { useAnswer } from '../core/answer.js';
import { count, duration, time } from '../core/format.js';
import { html } from '../core/html.js';
import { urlOf } from '../core/location.js';
import { Detail, Facts } from '../parts/Detail.js';
import { Outcome, subjectOf } from '../parts/RequestCells.js';
import { Shown } from '../parts/Shown.js';

/** A silence that is worth a line, in ms. */
const SILENCE = 30_000;

/** @param {{ row: any, before?: any }} props */
function Step({ row, before }) {
  const silence = before ? Date.parse(row.ts) - Date.parse(before.ts) : 0;
  return html`
    ${silence > SILENCE && html`<li class="soft small">… ${duration(silence)} of silence</li>`}
    <li>
      <a class="step" href=${urlOf('requests', { open: row.id, session: row.session })}>
        <span class="soft number">${time(row.ts)}</span>
        <span class="clip">${subjectOf(row)}</span>
        <span class="push"><${Outcome} row=${row} /></span>
        <span class="number">${duration(row.latency_ms)}</span>
      </a>
    </li>
  `;
}

/** @param {{ data: any }} props */
function Whole({ data }) {
  const { session, tools, requests } = data;
  return html`
    <${Facts}
      facts=${[
        ['Client', [session.client ?? 'unknown', session.client_version].filter(Boolean).join(' ')],
        ['Session', html`<span class="mono">${session.session}</span>`],
        ['Revision', session.protocol_version],
        ['Server', session.server],
        ['Lasted', duration(Date.parse(session.last_at) - Date.parse(session.started_at))],
        ['Requests', `${count(session.requests)}, ${count(session.calls)} calls, ${count(session.errors)} errors`],
        ['Person', session.user && html`<span class="mono">${session.user}</span>`],
      ]}
    />
    ${tools.length > 0 && html`<p class="line">${tools.map((/** @type {any} */ one) => html`<span class="tag" key=${one.tool}>${one.tool} ×${one.calls}${one.errors > 0 ? html` <span class="is-error">✗ ${one.errors}</span>` : ''}</span>`)}</p>`}
    <h3>What it did</h3>
    <ol class="timeline">${requests.map((/** @type {any} */ row, /** @type {number} */ at) => html`<${Step} key=${row.id} row=${row} before=${requests[at - 1]} />`)}</ol>
    ${data.next && html`<p class="soft">The first ${count(requests.length)} are shown. <a href=${urlOf('requests', { session: session.session })}>All requests of this session</a></p>`}
  `;
}

/** @param {{ id: string, onClose: () => void }} props */
export function SessionDetail({ id, onClose }) {
  const answer = useAnswer(`sessions/${encodeURIComponent(id)}`, 'limit=200');
  return html`
    <${Detail} title=${answer.data?.session.client ?? 'Session'} onClose=${onClose}>
      <${Shown} answer=${answer}>${(/** @type {any} */ data) => html`<${Whole} data=${data} />`}<//>
    <//>
  `;
}
