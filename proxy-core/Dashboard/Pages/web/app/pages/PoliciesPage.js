import { useAnswer } from '../core/answer.js';
import { count } from '../core/format.js';
import { html } from '../core/html.js';
import { urlOf } from '../core/location.js';
import { isRangeFixed, queryOf } from '../core/query.js';
import { team } from '../core/status.js';
import { CopyButton } from '../parts/CopyButton.js';
import { EmptyState } from '../parts/EmptyState.js';
import { Shown } from '../parts/Shown.js';
import { Time } from '../parts/Time.js';

/** @param {{ fix?: string | null }} props */
function Fix({ fix }) {
  return fix
    ? html`<span class="line"><code>${fix}</code><${CopyButton} text=${fix} /></span>`
    : html`<span class="soft">no list of a policy allows this</span>`;
}

/** @param {{ violations: any[] }} props */
function Violations({ violations }) {
  return html`
    <p class="small soft">A line to paste goes to the top of <code>mcpr.toml</code>, in the place of the one with that key. It counts at once; hosts may keep the old policy until the server is refreshed there.</p>
    <div class="table-box">
      <table class="table" aria-label="Policy violations">
        <thead><tr><th scope="col">Widget</th><th scope="col">Directive</th><th scope="col">Stopped</th><th class="right" scope="col">Count</th><th scope="col">Last seen</th><th scope="col">What would allow it</th></tr></thead>
        <tbody>
          ${violations.map(
            (one) => html`
              <tr key=${[one.widget, one.directive, one.blocked].join(' ')} tabindex="0" data-row>
                <td>${one.widget ?? html`<span class="soft">unknown</span>`}</td>
                <td class="mono">${one.directive}</td>
                <td><span class="is-error">✗ ${one.blocked}</span></td>
                <td class="right">${count(one.count)}</td>
                <td><${Time} at=${one.last_seen} isAgo /></td>
                <td><${Fix} fix=${one.fix} /></td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

export function PoliciesPage() {
  const answer = useAnswer('csp', queryOf());
  return html`
    <div class="stack">
      <${Shown} answer=${answer}>
        ${(/** @type {any} */ data) =>
          data.violations.length === 0
            ? html`<${EmptyState} title="No policy has stopped anything${isRangeFixed() ? ' in this range' : ''}">
                Hosts tell of it when mcpr runs with <code>--csp-report</code>.
                ${!team.value && html` <a href=${urlOf('studio')}>Studio</a> shows a widget under the policies of hosts and tells at once.`}
              <//>`
            : html`<${Violations} violations=${data.violations} />`}
      <//>
    </div>
  `;
}
