import { useAnswer } from '../core/answer.js';
import { count, duration, percent } from '../core/format.js';
import { html } from '../core/html.js';
import { go, urlOf } from '../core/location.js';
import { isFiltered, queryOf } from '../core/query.js';
import { DataTable } from '../parts/DataTable.js';
import { NothingYet } from '../parts/EmptyState.js';
import { Shown } from '../parts/Shown.js';
import { Time } from '../parts/Time.js';

/** @param {any} row */
const nameOf = (row) => row.client ?? 'unknown';

/** @type {import('../parts/DataTable.js').Column[]} */
const COLUMNS = [
  { title: 'Client', kind: 'wide', sort: nameOf, show: (row) => html`${nameOf(row)} <span class="soft small">${row.versions.join(', ')}</span>` },
  { title: 'Share', kind: 'right', sort: (row) => row.share, show: (row) => percent(row.share) },
  { title: 'Requests', kind: 'right', sort: (row) => row.requests, show: (row) => count(row.requests) },
  { title: 'Calls', kind: 'right', sort: (row) => row.calls, show: (row) => count(row.calls) },
  { title: 'Failed', kind: 'right', sort: (row) => row.error_rate, show: (row) => html`<span class=${row.error_rate > 0 ? 'is-error' : ''}>${percent(row.error_rate)}</span>` },
  { title: 'p50', kind: 'right', sort: (row) => row.p50_ms, show: (row) => duration(row.p50_ms) },
  { title: 'p95', kind: 'right', sort: (row) => row.p95_ms, show: (row) => duration(row.p95_ms) },
  { title: 'Sessions', kind: 'right', sort: (row) => row.sessions, show: (row) => count(row.sessions) },
  { title: 'Revisions', show: (row) => html`<span class="soft">${row.protocol_versions.join(', ') || '–'}</span>` },
  { title: 'Last seen', sort: (row) => row.last_seen, show: (row) => html`<${Time} at=${row.last_seen} isAgo />` },
];

/** @param {{ clients: any[] }} props */
function Shares({ clients }) {
  return html`
    <div class="share" role="img" aria-label=${clients.map((one) => `${nameOf(one)} ${percent(one.share)}`).join(', ')}>
      ${clients.map((one, at) => html`<span key=${nameOf(one)} class=${`share-${Math.min(at, 4)}`} title=${`${nameOf(one)} ${percent(one.share)}`} style=${{ flexGrow: one.share }}></span>`)}
    </div>
  `;
}

export function ClientsPage() {
  const answer = useAnswer('clients', queryOf());
  return html`
    <div class="stack">
      <${Shown} answer=${answer}>
        ${(/** @type {any} */ data) =>
          data.clients.length === 0
            ? html`<${NothingYet} what="clients" isFiltered=${isFiltered(['server', 'tool', 'client'])} />`
            : html`
                <${Shares} clients=${data.clients} />
                <${DataTable} label="Clients" columns=${COLUMNS} rows=${data.clients} keyOf=${nameOf}
                  onOpen=${(/** @type {any} */ row) => go(urlOf('overview', { client: row.client }))} />
              `}
      <//>
    </div>
  `;
}
