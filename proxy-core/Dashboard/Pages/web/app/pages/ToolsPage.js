import { useAnswer } from '../core/answer.js';
import { count, duration, percent, step as stepName } from '../core/format.js';
import { html } from '../core/html.js';
import { go, param, paramList, setParams, urlOf } from '../core/location.js';
import { isFiltered, queryOf } from '../core/query.js';
import { DataTable } from '../parts/DataTable.js';
import { NothingYet } from '../parts/EmptyState.js';
import { Segments } from '../parts/Segments.js';
import { Shown } from '../parts/Shown.js';
import { Sparkline } from '../parts/Sparkline.js';
import { Status } from '../parts/Status.js';
import { Time } from '../parts/Time.js';

const HEALTH_ORDER = ['down', 'degraded', 'slow', 'ok', 'unused'];

/** @param {boolean} hasServers @param {number} step @returns {import('../parts/DataTable.js').Column[]} */
const columnsOf = (hasServers, step) => [
  { title: 'Tool', kind: 'wide', sort: (row) => row.tool, show: (row) => row.tool },
  ...(hasServers ? [{ title: 'Server', sort: (/** @type {any} */ row) => row.server, show: (/** @type {any} */ row) => html`<span class="soft">${row.server}</span>` }] : []),
  { title: 'Health', sort: (row) => HEALTH_ORDER.indexOf(row.health), show: (row) => html`<${Status} state=${row.health} />${row.is_listed === false ? html` <span class="tag" title="the server no longer lists it">gone</span>` : ''}` },
  { title: 'Calls', kind: 'right', sort: (row) => row.calls, show: (row) => count(row.calls) },
  { title: 'Failed', kind: 'right', sort: (row) => row.error_rate, show: (row) => html`<span class=${row.error_rate > 0 ? 'is-error' : ''}>${percent(row.error_rate)}</span>` },
  { title: 'p50', kind: 'right', sort: (row) => row.p50_ms, show: (row) => duration(row.p50_ms) },
  { title: 'p95', kind: 'right', sort: (row) => row.p95_ms, show: (row) => duration(row.p95_ms) },
  { title: 'p99', kind: 'right', sort: (row) => row.p99_ms, show: (row) => duration(row.p99_ms) },
  { title: 'Max', kind: 'right', sort: (row) => row.max_ms, show: (row) => duration(row.max_ms) },
  { title: 'Last call', sort: (row) => row.last_call, show: (row) => html`<${Time} at=${row.last_call} isAgo />` },
  { title: 'Calls over time', show: (row) => html`<${Sparkline} values=${row.spark} label=${`${row.calls} calls, a bar is ${stepName(step)}`} />` },
];

/** A row leads to the calls of its tool. @param {{ tools: any[], step: number }} props */
export function ToolTable({ tools, step }) {
  const hasServers = new Set(tools.map((tool) => tool.server)).size > 1;
  return html`
    <${DataTable} label="Tools" columns=${columnsOf(hasServers, step)} rows=${tools} keyOf=${(/** @type {any} */ row) => `${row.server} ${row.tool}`}
      isDim=${(/** @type {any} */ row) => row.health === 'unused'}
      onOpen=${(/** @type {any} */ row) => go(urlOf('requests', { tool: row.tool, server: hasServers ? row.server : paramList('server') }))} />
  `;
}

export function ToolsPage() {
  const answer = useAnswer('tools', queryOf());
  const health = param('health');
  return html`
    <div class="stack">
      <${Shown} answer=${answer}>
        ${(/** @type {any} */ data) => {
          const shown = data.tools.filter((/** @type {any} */ tool) => !health || (health === 'unused' ? tool.health === 'unused' : !['ok', 'unused'].includes(tool.health)));
          if (data.tools.length === 0) return html`<${NothingYet} what="tools" isFiltered=${isFiltered(['server', 'tool', 'client'])} />`;
          return html`
            <div class="line">
              <${Segments} label="Which tools" chosen=${health} onChoose=${(/** @type {string} */ value) => setParams({ health: value })}
                options=${[['', `all ${data.tools.length}`], ['bad', 'in trouble'], ['unused', 'unused']]} />
              <a class="push" href=${urlOf('versions')}>How their definitions have changed</a>
            </div>
            ${shown.length === 0 ? html`<p class="soft">None of ${data.tools.length}.</p>` : html`<${ToolTable} tools=${shown} step=${data.step_s} />`}
          `;
        }}
      <//>
    </div>
  `;
}
