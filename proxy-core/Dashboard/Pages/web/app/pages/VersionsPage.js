import { useAnswer } from '../core/answer.js';
import { html } from '../core/html.js';
import { param, setParams } from '../core/location.js';
import { isFiltered, queryOf } from '../core/query.js';
import { DataTable } from '../parts/DataTable.js';
import { NothingYet } from '../parts/EmptyState.js';
import { Shown } from '../parts/Shown.js';
import { Time } from '../parts/Time.js';
import { VersionDetail } from './VersionDetail.js';

/** @param {any} row */
const keyOf = (row) => `${row.server} ${row.tool}`;

/** @type {import('../parts/DataTable.js').Column[]} */
const COLUMNS = [
  { title: 'Tool', kind: 'wide', sort: (row) => row.tool, show: (row) => html`${row.tool}${row.is_listed ? '' : html` <span class="tag">no longer listed</span>`}` },
  { title: 'Version', kind: 'right', sort: (row) => row.versions.length, show: (row) => `v${row.versions[0]?.version ?? '?'}` },
  { title: 'Since', sort: (row) => row.versions[0]?.first_seen, show: (row) => html`<${Time} at=${row.versions[0]?.first_seen} isAgo />` },
  { title: 'Last listed', sort: (row) => row.versions[0]?.last_seen, show: (row) => html`<${Time} at=${row.versions[0]?.last_seen} isAgo />` },
  { title: 'Server', show: (row) => html`<span class="soft">${row.server}</span>` },
];

export function VersionsPage() {
  const open = param('open');
  const query = new URLSearchParams([...queryOf()].filter(([name]) => name === 'server' || name === 'tool'));
  const answer = useAnswer('schemas', query);
  const tool = answer.data?.tools.find((/** @type {any} */ one) => keyOf(one) === open);
  return html`
    <div class="stack">
      <p class="small soft">What servers said of their tools, whenever it changed. Hosts keep lists of tools for a while: after a change, refresh the server there.</p>
      <div class=${tool ? 'beside' : ''}>
        <div class="stack">
          <${Shown} answer=${answer}>
            ${(/** @type {any} */ data) =>
              data.tools.length === 0
                ? html`<${NothingYet} what="tools" isFiltered=${isFiltered(['server', 'tool'])}>As soon as a client lists the tools, their definitions are kept here.<//>`
                : html`<${DataTable} label="Tool versions" columns=${COLUMNS} rows=${data.tools} keyOf=${keyOf} isDim=${(/** @type {any} */ row) => !row.is_listed}
                    isOpen=${(/** @type {any} */ row) => keyOf(row) === open} onOpen=${(/** @type {any} */ row) => setParams({ open: keyOf(row) })} />`}
          <//>
        </div>
        ${tool && html`<${VersionDetail} tool=${tool} onClose=${() => setParams({ open: null })} />`}
      </div>
    </div>
  `;
}
