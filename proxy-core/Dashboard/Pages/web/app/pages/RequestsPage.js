import { isPaused, useAnswer } from '../core/answer.js';
import { count } from '../core/format.js';
import { useFeed } from '../core/feed.js';
import { html, useState } from '../core/html.js';
import { param, setParams } from '../core/location.js';
import { isFiltered, isRangeFixed, queryOf } from '../core/query.js';
import { team } from '../core/status.js';
import { apiUrl } from '../core/api.js';
import { DataTable } from '../parts/DataTable.js';
import { NothingYet } from '../parts/EmptyState.js';
import { REQUEST_COLUMNS, TEAM_COLUMNS } from '../parts/RequestCells.js';
import { CutNotice, Problem } from '../parts/Shown.js';
import { RequestDetail } from './RequestDetail.js';
import { RequestFilters } from './RequestFilters.js';

const NAMES = ['status', 'type', 'session', 'q', 'min_ms', 'method'];

/** What the feed can be asked for; the rest is only a question to the store. */
const OF_THE_FEED = ['server', 'tool', 'client', 'status', 'type', 'session'];

const PAGE = 100;

/** @param {any[]} live @param {any[]} stored */
function together(live, stored) {
  const known = new Set(stored.map((row) => row.id));
  return [...live.filter((row) => !known.has(row.id)), ...stored];
}

export function RequestsPage() {
  const [limit, setLimit] = useState(PAGE);
  const answer = useAnswer('requests', queryOf({ names: NAMES, more: { limit: String(limit) } }));
  const isLive = !isPaused.value && !isRangeFixed() && !param('q') && !param('min_ms') && !param('method');
  const feed = useFeed(isLive ? new URLSearchParams([...queryOf({ names: NAMES })].filter(([name]) => OF_THE_FEED.includes(name))) : null);
  const open = param('open');
  const rows = answer.data ? together(isLive ? feed.rows : [], answer.data.requests) : [];
  const show = (/** @type {any} */ row) => setParams({ open: row.id });
  return html`
    <div class="stack">
      <div class="line">
        <${RequestFilters} />
        <span class="push small soft" role="status">
          ${isLive ? html`<span class=${feed.isOpen ? 'is-ok' : 'is-warn'}>${feed.isOpen ? '● live' : '▲ not live'}</span>` : 'not live'}
        </span>
        ${!team.value && html`<a class="button" download="mcpr.har" href=${apiUrl('har', queryOf({ names: NAMES }))} title="All requests whose bodies are still kept">HAR</a>`}
      </div>
      ${answer.problem && html`<${Problem} problem=${answer.problem} onAgain=${answer.again} />`}
      <${CutNotice} cut=${[...(answer.data?.cut ?? []), ...(feed.dropped > 0 ? [`${count(feed.dropped)} came too fast to be shown here; they are in the history`] : [])]} />
      <div class=${open ? 'beside' : ''}>
        <div class="stack">
          ${!answer.data && !answer.problem && html`<p class="loading">Loading …</p>`}
          ${answer.data && rows.length === 0 && html`<${NothingYet} what="requests" isFiltered=${isFiltered([...NAMES, 'tool', 'client', 'server', 'since'])} />`}
          ${rows.length > 0 &&
          html`<${DataTable} label="Requests" columns=${team.value ? TEAM_COLUMNS : REQUEST_COLUMNS} rows=${rows} keyOf=${(/** @type {any} */ row) => row.id}
            isOpen=${(/** @type {any} */ row) => row.id === open} onOpen=${show} />`}
          ${answer.data?.next &&
          html`<p class="line">
            <span class="soft">The newest ${count(answer.data.requests.length)} are shown.</span>
            ${limit < 1000
              ? html`<button class="button" type="button" onClick=${() => setLimit(Math.min(1000, limit * 3))}>Show more</button>`
              : html`<span class="soft">That is the limit; choose a shorter range or a filter to see others.</span>`}
          </p>`}
        </div>
        ${open && html`<${RequestDetail} key=${open} id=${open} onClose=${() => setParams({ open: null })} />`}
      </div>
    </div>
  `;
}
