import { useAnswer } from '../core/answer.js';
import { change, count, duration, percent, step } from '../core/format.js';
import { html, useMemo } from '../core/html.js';
import { setParams, urlOf } from '../core/location.js';
import { queryOf } from '../core/query.js';
import { team } from '../core/status.js';
import { Figure } from '../parts/Figure.js';
import { LineChart } from '../parts/LineChart.js';
import { NothingYet } from '../parts/EmptyState.js';
import { Shown } from '../parts/Shown.js';
import { RecentErrors, SlowestCalls } from './OverviewLists.js';
import { ToolTable } from './ToolsPage.js';

/** @param {number | null | undefined} now @param {number | null | undefined} before */
const points = (now, before) => {
  if (now == null || before == null) return null;
  const difference = (now - before) * 100;
  return Math.abs(difference) < 0.05 ? '±0 points' : `${difference > 0 ? '+' : '−'}${Math.abs(difference).toFixed(1)} points`;
};

/** @param {{ data: any }} props */
function Figures({ data }) {
  const { now, before } = data;
  const failed = now.errors + now.tool_errors;
  return html`
    <dl class="figures">
      <${Figure} title="Calls" value=${count(now.calls)} change=${change(now.calls, before.calls)} note=${`${count(now.requests)} requests in all`} />
      <${Figure} title="Failed" value=${percent(now.error_rate)} change=${points(now.error_rate, before.error_rate)} isWorse=${now.error_rate > before.error_rate}
        note=${failed > 0 ? html`<a href=${urlOf('errors')}>${count(now.errors)} errors, ${count(now.tool_errors)} of tools</a>` : 'no errors'} />
      <${Figure} title="Latency p95" value=${duration(now.p95_ms)} change=${change(now.p95_ms, before.p95_ms)} isWorse=${now.p95_ms > (before.p95_ms ?? Infinity) * 1.2}
        note=${`p50 ${duration(now.p50_ms)}, p99 ${duration(now.p99_ms)}`} />
      <${Figure} title="Active sessions" value=${count(now.active_sessions)} change=${change(now.sessions, before.sessions)}
        note=${html`<a href=${urlOf('sessions')}>${count(now.sessions)} in this range</a>`} />
    </dl>
  `;
}

/** @param {{ data: any }} props */
function Charts({ data }) {
  const { times, calls, errors, p50, p95, p99 } = useMemo(() => {
    const line = (/** @type {string} */ name) => data.timeline.map((/** @type {any} */ point) => point[name]);
    const at = data.timeline.map((/** @type {any} */ point) => Date.parse(point.at) / 1000);
    return { times: at, calls: line('calls'), errors: line('errors'), p50: line('p50_ms'), p95: line('p95_ms'), p99: line('p99_ms') };
  }, [data.timeline]);
  const zoom = (/** @type {number} */ from, /** @type {number} */ to) =>
    setParams({ since: new Date(from * 1000).toISOString(), until: new Date(to * 1000).toISOString() });
  return html`
    <div class="charts">
      <${LineChart} title=${`Calls per ${step(data.step_s)}`} times=${times} values=${[calls, errors]} show=${count} onRange=${zoom}
        lines=${[{ title: 'calls', token: '--series-1', isFilled: true }, { title: 'failed', token: '--error' }]} />
      <${LineChart} title="Latency" times=${times} values=${[p50, p95, p99]} show=${duration} onRange=${zoom}
        lines=${[{ title: 'p50', token: '--series-1' }, { title: 'p95', token: '--series-2' }, { title: 'p99', token: '--series-3' }]} />
    </div>
  `;
}

export function OverviewPage() {
  const answer = useAnswer('overview', queryOf());
  const tools = useAnswer('tools', queryOf());
  return html`
    <div class="stack">
      <${Shown} answer=${answer}>
        ${(/** @type {any} */ data) =>
          data.now.requests === 0 && data.before.requests === 0
            ? html`<${NothingYet} what="requests">
                ${team.value ? null : html`Connect a client to the URL that mcpr has printed, or <a href=${urlOf('studio')}>call a tool from Studio</a>.`}
              <//>`
            : html`<${Figures} data=${data} /><${Charts} data=${data} />`}
      <//>
      ${tools.data?.tools.length > 0 && html`<h2>Tools</h2><${ToolTable} tools=${tools.data.tools.slice(0, 12)} step=${tools.data.step_s} />`}
      <div class="charts"><${RecentErrors} /><${SlowestCalls} /></div>
    </div>
  `;
}
