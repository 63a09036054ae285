import { html } from '../core/html.js';

/**
 * A figure, and how it has changed against the range before.
 * @param {{ title: string, value: string, change: string | null, isWorse?: boolean, note?: any }} props
 */
export function Figure({ title, value, change, isWorse = false, note }) {
  return html`
    <div class="figure">
      <dt>${title}</dt>
      <dd>${value}</dd>
      <dd class="small">
        ${change && html`<span class=${isWorse ? 'is-warn' : ''} title="against the range before">${isWorse ? '▲ ' : ''}${change}</span>${note ? ' · ' : ''}`}${note}
      </dd>
    </div>
  `;
}
