import { html } from '../core/html.js';
import { paramList, setParams } from '../core/location.js';

/** @param {string[]} chosen @param {string} label */
const nameOf = (chosen, label) => (chosen.length === 0 ? `all ${label}` : chosen.length === 1 ? chosen[0] : `${chosen.length} ${label}`);

/**
 * Several of the values that there are. What is chosen stays to be seen when it is none of them any more.
 * @param {{ name: string, label: string, values?: string[] }} props
 */
export function ValueChoice({ name, label, values = [] }) {
  const chosen = paramList(name);
  const all = [...new Set([...values, ...chosen])];
  const toggle = (/** @type {string} */ value) =>
    setParams({ [name]: chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value] });
  return html`
    <details class=${`choice ${chosen.length > 0 ? 'is-set' : ''}`} name="choices">
      <summary class="button"><span class="clip">${nameOf(chosen, label)}</span></summary>
      <div class="popup">
        ${chosen.length > 0 && html`<button type="button" onClick=${() => setParams({ [name]: null })}>✕ all ${label}</button>`}
        ${all.length === 0 && html`<p class="soft">There are none in this range.</p>`}
        ${all.map(
          (value) => html`
            <label key=${value}>
              <input type="checkbox" checked=${chosen.includes(value)} onChange=${() => toggle(value)} />
              <span class="clip">${value}</span>
            </label>
          `,
        )}
      </div>
    </details>
  `;
}
