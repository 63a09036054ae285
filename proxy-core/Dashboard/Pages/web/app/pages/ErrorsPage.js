import { useAnswer } from '../core/answer.js';
import { count, step as stepName } from '../core/format.js';
import { html } from '../core/html.js';
import { param, setParams, urlOf } from '../core/location.js';
import { isFiltered, queryOf } from '../core/query.js';
import { DataTable } from '../parts/DataTable.js';
import { Detail, Facts } from '../parts/Detail.js';
import { EmptyState } from '../parts/EmptyState.js';
import { Shown } from '../parts/Shown.js';
import { Sparkline } from '../parts/Sparkline.js';
import { Time } from '../parts/Time.js';

/** @param {any} row */
const keyOf = (row) => [row.server, row.tool ?? row.method, row.code, row.message].join('\n');

/** @param {number} step @returns {import('../parts/DataTable.js').Column[]} */
const columnsOf = (step) => [
  { title: 'Where', sort: (row) => row.tool ?? row.method, show: (row) => row.tool ?? html`<span class="soft">${row.method}</span>` },
  { title: 'Error', kind: 'wide', show: (row) => html`<span class="is-error">✗ ${row.code}</span> ${row.message}` },
  { title: 'Count', kind: 'right', sort: (row) => row.count, show: (row) => count(row.count) },
  { title: 'First seen', sort: (row) => row.first_seen, show: (row) => html`<${Time} at=${row.first_seen} isAgo />` },
  { title: 'Last seen', sort: (row) => row.last_seen, show: (row) => html`<${Time} at=${row.last_seen} isAgo />` },
  { title: 'Over time', show: (row) => html`<${Sparkline} kind="of-errors" values=${row.timeline} label=${`a bar is ${stepName(step)}`} />` },
];

/** @param {{ group: any, onClose: () => void }} props */
function Group({ group, onClose }) {
  return html`
    <${Detail} title=${group.tool ?? group.method} onClose=${onClose}>
      <p class="is-error">✗ ${group.code} ${group.message}</p>
      <${Facts}
        facts=${[
          ['Count', count(group.count)],
          ['First seen', html`<${Time} at=${group.first_seen} />`],
          ['Last seen', html`<${Time} at=${group.last_seen} />`],
          ['Server', group.server],
          ['Clients', group.clients.map((/** @type {any} */ one) => `${one.client ?? 'unknown'} ${count(one.count)}`).join(', ')],
        ]}
      />
      <h3>The newest</h3>
      <ul>
        ${group.newest.map((/** @type {string} */ id) => html`<li key=${id}><a class="mono" href=${urlOf('requests', { open: id, status: 'failed' })}>${id}</a></li>`)}
      </ul>
      ${group.tool && html`<p><a href=${urlOf('requests', { tool: group.tool, status: 'failed' })}>All failed calls of ${group.tool}</a></p>`}
    <//>
  `;
}

export function ErrorsPage() {
  const open = param('open');
  const answer = useAnswer('errors', queryOf());
  const group = answer.data?.errors.find((/** @type {any} */ one) => keyOf(one) === open);
  return html`
    <div class=${group ? 'beside' : ''}>
      <div class="stack">
        <${Shown} answer=${answer}>
          ${(/** @type {any} */ data) =>
            data.errors.length === 0
              ? html`<${EmptyState} title="No errors">${isFiltered(['server', 'tool', 'client']) ? 'None that fits the filters.' : 'Nothing failed in this range.'}<//>`
              : html`<${DataTable} label="Errors" columns=${columnsOf(data.step_s)} rows=${data.errors} keyOf=${keyOf}
                  isOpen=${(/** @type {any} */ row) => keyOf(row) === open} onOpen=${(/** @type {any} */ row) => setParams({ open: keyOf(row) })} />`}
        <//>
      </div>
      ${group && html`<${Group} group=${group} onClose=${() => setParams({ open: null })} />`}
    </div>
  `;
}
