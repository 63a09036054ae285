import { useAnswer } from '../core/answer.js';
import { postJson, remove } from '../core/api.js';
import { count, duration, percent, step } from '../core/format.js';
import { html, useState } from '../core/html.js';
import { go, urlOf } from '../core/location.js';
import { team } from '../core/status.js';
import { DataTable } from '../parts/DataTable.js';
import { EmptyState } from '../parts/EmptyState.js';
import { Shown } from '../parts/Shown.js';
import { Status } from '../parts/Status.js';
import { Time } from '../parts/Time.js';
import { AlertForm } from './AlertForm.js';

/** @param {any} row @param {number | null} value */
const valueOf = (row, value) => (row.metric === 'error_rate' ? percent(value) : duration(value));

/** `5 minutes`, `1 hour` @param {number} seconds */
const nameOf = (seconds) => step(seconds).replace(/^(?=[a-z])/, '1 ');

/** What a row is about, on the page where one looks first. @param {any} row */
const placeOf = (row) => urlOf(row.metric === 'error_rate' ? 'errors' : 'slow', { since: `${row.window_s / 60}m`, until: null, tool: row.tool, server: row.server });

/** @type {import('../parts/DataTable.js').Column[]} */
const COLUMNS = [
  { title: 'State', sort: (row) => row.state, show: (row) => html`<${Status} state=${row.state} />${row.since && html` <span class="soft small"><${Time} at=${row.since} isAgo /></span>`}` },
  { title: 'Tool', kind: 'wide', sort: (row) => row.tool, show: (row) => html`${row.tool ?? html`<span class="soft">all together</span>`}${row.server && html` <span class="soft small">${row.server}</span>`}` },
  { title: 'Fires when', show: (row) => html`${row.metric === 'error_rate' ? `over ${valueOf(row, row.over)} fail` : `p95 over ${valueOf(row, row.over)}`} <span class="soft">in ${nameOf(row.window_s)}, of ${count(row.min_calls)} or more</span>` },
  { title: 'Now', kind: 'right', sort: (row) => row.value, show: (row) => html`<span class=${row.state === 'firing' ? 'is-error' : ''}>${valueOf(row, row.value)}</span> <span class="soft small">${count(row.calls)} calls</span>` },
  { title: 'Looked at', sort: (row) => row.seen_at, show: (row) => html`<${Time} at=${row.seen_at} isAgo />` },
  { title: 'Tells', show: (row) => html`<span class="soft">${row.webhook}</span>` },
];

/** What an editor can do with a row. @param {{ row: any, onChanged: () => void }} props */
function Actions({ row, onChanged }) {
  const [said, setSaid] = useState('');
  const [isSure, setSure] = useState(false);
  const run = (/** @type {() => Promise<string>} */ action) => async (/** @type {Event} */ event) => {
    event.stopPropagation();
    setSaid('…');
    setSaid(await action().catch((problem) => `✗ ${problem.message}`));
  };
  const test = run(async () => {
    const answer = await postJson(`alerts/${row.id}/test`, {});
    return `${answer.is_delivered ? '✓' : '✗'} ${answer.told}`;
  });
  const takeOff = run(async () => {
    await remove(`alerts/${row.id}`);
    onChanged();
    return '';
  });
  const ask = (/** @type {Event} */ event) => {
    event.stopPropagation();
    setSure(true);
  };
  return html`
    <span class="actions">
      <button class="button" type="button" onClick=${test} aria-live="polite">${said || 'Send a test'}</button>
      <button class="button" type="button" onClick=${isSure ? takeOff : ask} onBlur=${() => setSure(false)}>${isSure ? 'Really remove' : 'Remove'}</button>
    </span>
  `;
}

export function AlertsPage() {
  const answer = useAnswer('alerts');
  const [isAdding, setAdding] = useState(false);
  const mayChange = team.value?.role === 'editor';
  const columns = mayChange
    ? [...COLUMNS, { title: 'Change', show: (/** @type {any} */ row) => html`<${Actions} row=${row} onChanged=${answer.again} />` }]
    : COLUMNS;
  return html`
    <div class="stack">
      ${mayChange &&
      (isAdding
        ? html`<${AlertForm} onAdded=${answer.again} onClose=${() => setAdding(false)} />`
        : html`<div class="line"><button class="button primary" type="button" onClick=${() => setAdding(true)}>Add an alert</button></div>`)}
      <${Shown} answer=${answer}>
        ${(/** @type {any} */ data) =>
          data.alerts.length === 0
            ? html`<${EmptyState} title="No alerts yet">An alert tells a webhook when calls of a tool fail too often or take too long, and again when all is well.${mayChange ? '' : ' Members with the role editor can add one.'}<//>`
            : html`<${DataTable} label="Alerts" columns=${columns} rows=${data.alerts} keyOf=${(/** @type {any} */ row) => row.id} onOpen=${(/** @type {any} */ row) => go(placeOf(row))} />`}
      <//>
    </div>
  `;
}
