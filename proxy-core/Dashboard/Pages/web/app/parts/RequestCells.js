// Cells of tables that have requests in their rows.

import { bytes, duration, factor, shortId } from '../core/format.js';
import { html } from '../core/html.js';
import { urlOf } from '../core/location.js';
import { Status } from './Status.js';
import { Time } from './Time.js';

/** @param {any} row */
export function subjectOf(row) {
  if (row.type === 'csp_violation') return `${row.directive} ${row.blocked_uri}`;
  return row.tool ?? row.path ?? row.method ?? row.type;
}

/** @param {{ row: any }} props */
function Subject({ row }) {
  return row.tool
    ? html`${row.tool} <span class="soft small">${row.method === 'tools/call' ? '' : row.method}</span>`
    : html`<span class="soft">${subjectOf(row)}</span>`;
}

/** @param {{ row: any }} props */
export function Outcome({ row }) {
  if (!row.status) return html`<span class="soft">${row.type === 'csp_violation' ? '✗ policy' : row.reason ?? '–'}</span>`;
  return html`<${Status} state=${row.status} text=${row.status === 'error' ? row.error_code : undefined} />`;
}

/** @param {{ row: any }} props */
export function Took({ row }) {
  return html`${duration(row.latency_ms)}${row.slowness ? html` <span class="is-warn" title="against the p50 of this tool">▲ ${factor(row.slowness)}</span>` : ''}`;
}

/** @param {{ row: any }} props */
export function SessionLink({ row }) {
  if (!row.session) return html`<span class="soft">–</span>`;
  return row.session_id
    ? html`<a class="mono" href=${urlOf('sessions', { open: String(row.session_id) })} title=${row.session}>${shortId(row.session)}</a>`
    : html`<span class="mono" title=${row.session}>${shortId(row.session)}</span>`;
}

/** @type {import('./DataTable.js').Column[]} */
export const REQUEST_COLUMNS = [
  { title: 'Time', show: (row) => html`<${Time} at=${row.ts} />` },
  { title: 'Status', show: (row) => html`<${Outcome} row=${row} />` },
  { title: 'What', kind: 'wide', show: (row) => html`<${Subject} row=${row} />${row.error_message ? html` <span class="is-error small">${row.error_message}</span>` : ''}` },
  { title: 'Took', kind: 'right', show: (row) => html`<${Took} row=${row} />` },
  { title: 'Size', kind: 'right', show: (row) => bytes(row.bytes_out) },
  { title: 'Client', show: (row) => row.client ?? html`<span class="soft">–</span>` },
  { title: 'Session', show: (row) => html`<${SessionLink} row=${row} />` },
];

/** With the server, of which a team has many. */
export const TEAM_COLUMNS = REQUEST_COLUMNS.toSpliced(3, 0, { title: 'Server', show: (row) => row.server ?? html`<span class="soft">–</span>` });
