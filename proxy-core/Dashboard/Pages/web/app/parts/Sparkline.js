import { html } from '../core/html.js';

const HEIGHT = 16;

/** @param {{ values?: number[], kind?: string, label: string }} props */
export function Sparkline({ values = [], kind = '', label }) {
  const most = Math.max(1, ...values);
  return html`
    <svg class=${`spark ${kind}`} viewBox=${`0 0 ${values.length * 4} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${label}>
      ${values.map((value, at) => {
        const height = value === 0 ? 1 : Math.max(2, (value / most) * HEIGHT);
        return html`<rect key=${at} x=${at * 4} y=${HEIGHT - height} width="3" height=${height} opacity=${value === 0 ? 0.35 : 1} />`;
      })}
    </svg>
  `;
}
