import { duration } from '../core/format.js';
import { html } from '../core/html.js';

const STAGES = /** @type {Record<string, string>} */ ({
  edge: 'edge: in the relay',
  hold: 'edge: waits for a connector',
  tunnel: 'tunnel, about',
  read: 'connector: reads the request',
  connector: 'connector: the rest',
  wait: 'upstream: until its answer',
  body: 'upstream: the answer comes',
  rewrite: 'rewrite: rules of mcpr',
  back: 'tunnel back, about',
});

/** @param {{ stages: { stage: string, start_ms: number, duration_ms: number }[], total: number }} props */
export function Waterfall({ stages, total }) {
  const whole = Math.max(total, ...stages.map((one) => one.start_ms + one.duration_ms), 0.001);
  const share = (/** @type {number} */ ms) => `${(ms / whole) * 100}%`;
  return html`
    <div class="waterfall small" role="list" aria-label="Where the time went">
      ${stages.map(
        ({ stage, start_ms: start, duration_ms: took }) => html`
          <span role="listitem">${STAGES[stage] ?? stage}</span>
          <span class="waterfall-track"><span class="waterfall-bar" style=${{ left: share(start), width: share(took) }}></span></span>
          <span class="number">${duration(took)}</span>
        `,
      )}
    </div>
  `;
}
