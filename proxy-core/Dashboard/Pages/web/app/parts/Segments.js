import { html } from '../core/html.js';

/** @param {{ options: [string, any][], chosen: string, onChoose: (value: string) => void, label: string }} props */
export function Segments({ options, chosen, onChoose, label }) {
  return html`
    <span class="segments" role="group" aria-label=${label}>
      ${options.map(
        ([value, title]) => html`
          <button key=${value} type="button" aria-pressed=${chosen === value} onClick=${() => onChoose(value)}>${title}</button>
        `,
      )}
    </span>
  `;
}
