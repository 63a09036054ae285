import { useAnswer } from '../core/answer.js';
import { duration, factor } from '../core/format.js';
import { html } from '../core/html.js';
import { param, setParams } from '../core/location.js';
import { queryOf } from '../core/query.js';
import { DataTable } from '../parts/DataTable.js';
import { EmptyState } from '../parts/EmptyState.js';
import { SessionLink } from '../parts/RequestCells.js';
import { Segments } from '../parts/Segments.js';
import { Shown } from '../parts/Shown.js';
import { Status } from '../parts/Status.js';
import { Time } from '../parts/Time.js';
import { RequestDetail } from './RequestDetail.js';

/** @type {import('../parts/DataTable.js').Column[]} */
const COLUMNS = [
  { title: 'Time', show: (row) => html`<${Time} at=${row.ts} />` },
  { title: 'Tool', kind: 'wide', show: (row) => row.tool },
  { title: 'Took', kind: 'right', show: (row) => duration(row.latency_ms) },
  { title: 'Against p50', kind: 'right', show: (row) => html`<span class="is-warn">▲ ${factor(row.slowness)}</span>` },
  { title: 'p50', kind: 'right', show: (row) => html`<span class="soft">${duration(row.usual_ms)}</span>` },
  { title: 'Server', kind: 'right', show: (row) => duration(row.upstream_ms) },
  { title: 'Status', show: (row) => html`<${Status} state=${row.status} />` },
  { title: 'Client', show: (row) => row.client ?? html`<span class="soft">–</span>` },
  { title: 'Session', show: (row) => html`<${SessionLink} row=${row} />` },
];

export function SlowPage() {
  const open = param('open');
  const answer = useAnswer('slow', queryOf({ names: ['order'] }));
  return html`
    <div class="stack">
      <div class="line">
        <${Segments} label="Order" chosen=${param('order')} onChoose=${(/** @type {string} */ value) => setParams({ order: value })}
          options=${[['', 'most unusual'], ['duration', 'slowest']]} />
        <span class="small soft">at least 3 times the p50 of their tool in this range, and 100 ms</span>
      </div>
      <div class=${open ? 'beside' : ''}>
        <div class="stack">
          <${Shown} answer=${answer}>
            ${(/** @type {any} */ data) =>
              data.calls.length === 0
                ? html`<${EmptyState} title="No slow calls">Every call in this range took about as long as is usual for its tool.<//>`
                : html`<${DataTable} label="Slow calls" columns=${COLUMNS} rows=${data.calls} keyOf=${(/** @type {any} */ row) => row.id}
                    isOpen=${(/** @type {any} */ row) => row.id === open} onOpen=${(/** @type {any} */ row) => setParams({ open: row.id })} />`}
          <//>
        </div>
        ${open && html`<${RequestDetail} key=${open} id=${open} onClose=${() => setParams({ open: null })} />`}
      </div>
    </div>
  `;
}
