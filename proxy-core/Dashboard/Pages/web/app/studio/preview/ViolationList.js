import { count } from '../../core/format.js';
import { html } from '../../core/html.js';
import { CopyButton } from '../../parts/CopyButton.js';

/** @typedef {{ key: string, directive: string, blocked: string, count: number, fix?: string | null, where?: string }} Violation */

/** @param {{ violations: Violation[], host: string, onReload: () => void }} props */
export function ViolationList({ violations, host, onReload }) {
  if (violations.length === 0) return html`<p class="small is-ok">● The policy of ${host} has stopped nothing.</p>`;
  return html`
    <section class="stack" aria-label="Stopped by the policy">
      <h3>Stopped by the policy of ${host}</h3>
      <ul class="stack">
        ${violations.map(
          (one) => html`
            <li key=${one.key} class="violation">
              <p><span class="is-error">✗ ${one.directive}</span> <span class="mono">${one.blocked}</span> ${one.count > 1 && html`<span class="soft">×${count(one.count)}</span>`}</p>
              ${one.where && html`<p class="small soft">${one.where}</p>`}
              ${one.fix && html`<p class="line"><code>${one.fix}</code><${CopyButton} text=${one.fix} /></p>`}
              ${one.fix === null && html`<p class="small soft">No line allows this: hosts do not get to this machine, and policies have no lists for inline code and eval.</p>`}
            </li>
          `,
        )}
      </ul>
      ${violations.some((one) => one.fix) &&
      html`<p class="small soft line">Paste the line at the top of <code>mcpr.toml</code>, then <button class="button" type="button" onClick=${onReload}>show the widget again</button></p>`}
    </section>
  `;
}
