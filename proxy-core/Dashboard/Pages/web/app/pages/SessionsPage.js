import { useAnswer } from '../core/answer.js';
import { count, duration, shortId } from '../core/format.js';
import { html } from '../core/html.js';
import { param, setParams } from '../core/location.js';
import { isFiltered, queryOf } from '../core/query.js';
import { DataTable } from '../parts/DataTable.js';
import { NothingYet } from '../parts/EmptyState.js';
import { Segments } from '../parts/Segments.js';
import { Shown } from '../parts/Shown.js';
import { Status } from '../parts/Status.js';
import { Time } from '../parts/Time.js';
import { SessionDetail } from './SessionDetail.js';

const ENDS = /** @type {Record<string, string>} */ ({ closed: 'closed', idle: 'idle', evicted: 'evicted' });

/** @param {any} row */
const lasted = (row) => Date.parse(row.last_at) - Date.parse(row.started_at);

/** @type {import('../parts/DataTable.js').Column[]} */
const COLUMNS = [
  { title: 'Session', show: (row) => html`<span class="mono" title=${row.session}>${shortId(row.session)}</span>` },
  { title: 'Client', kind: 'wide', sort: (row) => row.client, show: (row) => html`${row.client ?? 'unknown'} <span class="soft small">${row.client_version ?? ''}</span>` },
  { title: 'State', sort: (row) => Number(row.is_active), show: (row) => html`<${Status} state=${row.is_active ? 'active' : 'ended'} text=${row.is_active ? 'active' : (ENDS[row.end_reason] ?? 'quiet')} />` },
  { title: 'Started', sort: (row) => row.started_at, show: (row) => html`<${Time} at=${row.started_at} />` },
  { title: 'Lasted', kind: 'right', sort: lasted, show: (row) => duration(lasted(row)) },
  { title: 'Last seen', sort: (row) => row.last_at, show: (row) => html`<${Time} at=${row.last_at} isAgo />` },
  { title: 'Requests', kind: 'right', sort: (row) => row.requests, show: (row) => count(row.requests) },
  { title: 'Calls', kind: 'right', sort: (row) => row.calls, show: (row) => count(row.calls) },
  { title: 'Errors', kind: 'right', sort: (row) => row.errors, show: (row) => html`<span class=${row.errors > 0 ? 'is-error' : ''}>${count(row.errors)}</span>` },
  { title: 'Revision', show: (row) => html`<span class="soft">${row.protocol_version ?? '–'}</span>` },
];

export function SessionsPage() {
  const open = param('open');
  const answer = useAnswer('sessions', queryOf({ names: ['active'] }));
  return html`
    <div class="stack">
      <div class="line">
        <${Segments} label="Which sessions" chosen=${param('active')} onChoose=${(/** @type {string} */ value) => setParams({ active: value })}
          options=${[['', 'all'], ['true', 'active']]} />
        <span class="small soft">active: seen in the last 5 minutes, and not ended</span>
      </div>
      <div class=${open ? 'beside' : ''}>
        <div class="stack">
          <${Shown} answer=${answer}>
            ${(/** @type {any} */ data) =>
              data.sessions.length === 0
                ? html`<${NothingYet} what="sessions" isFiltered=${isFiltered(['active', 'client', 'server', 'tool', 'since'])} />`
                : html`<${DataTable} label="Sessions" columns=${open ? COLUMNS.slice(0, 6) : COLUMNS} rows=${data.sessions} keyOf=${(/** @type {any} */ row) => String(row.session_id)}
                    isOpen=${(/** @type {any} */ row) => String(row.session_id) === open}
                    onOpen=${(/** @type {any} */ row) => setParams({ open: String(row.session_id) })} />`}
          <//>
        </div>
        ${open && html`<${SessionDetail} key=${open} id=${open} onClose=${() => setParams({ open: null })} />`}
      </div>
    </div>
  `;
}
