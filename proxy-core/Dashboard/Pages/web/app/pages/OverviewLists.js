import { useAnswer } from '../core/answer.js';
import { count, duration, factor } from '../core/format.js';
import { html } from '../core/html.js';
import { urlOf } from '../core/location.js';
import { queryOf } from '../core/query.js';
import { Time } from '../parts/Time.js';

const SHOWN = 5;

/** @param {{ title: string, page: string, children: any }} props */
function Brief({ title, page, children }) {
  return html`
    <section class="stack">
      <div class="line"><h2>${title}</h2><a class="small" href=${urlOf(page)}>all</a></div>
      ${children}
    </section>
  `;
}

export function RecentErrors() {
  const { data } = useAnswer('errors', queryOf());
  if (!data) return null;
  return html`
    <${Brief} title="Errors" page="errors">
      ${data.errors.length === 0 && html`<p class="soft">None in this range.</p>`}
      ${data.errors.length > 0 &&
      html`
        <div class="table-box"><table class="table" aria-label="Errors"><tbody>
          ${data.errors.slice(0, SHOWN).map(
            (/** @type {any} */ group) => html`
              <tr>
                <td>${group.tool ?? group.method}</td>
                <td class="wide"><span class="is-error">✗ ${group.code}</span> <span class="soft">${group.message}</span></td>
                <td class="right">${count(group.count)}</td>
                <td class="right soft"><${Time} at=${group.last_seen} isAgo /></td>
              </tr>
            `,
          )}
        </tbody></table></div>
      `}
    <//>
  `;
}

export function SlowestCalls() {
  const { data } = useAnswer('slow', queryOf());
  if (!data) return null;
  return html`
    <${Brief} title="Slow calls" page="slow">
      ${data.calls.length === 0 && html`<p class="soft">None in this range.</p>`}
      ${data.calls.length > 0 &&
      html`
        <div class="table-box"><table class="table" aria-label="Slow calls"><tbody>
          ${data.calls.slice(0, SHOWN).map(
            (/** @type {any} */ call) => html`
              <tr>
                <td class="wide"><a href=${urlOf('requests', { open: call.id })}>${call.tool}</a></td>
                <td class="right">${duration(call.latency_ms)}</td>
                <td class="right is-warn">▲ ${factor(call.slowness)}</td>
                <td class="right soft"><${Time} at=${call.ts} isAgo /></td>
              </tr>
            `,
          )}
        </tbody></table></div>
      `}
    <//>
  `;
}
