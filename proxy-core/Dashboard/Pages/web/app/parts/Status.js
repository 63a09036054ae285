import { html } from '../core/html.js';

/** Mark, class and words by state. Nothing is told by colour alone. */
const STATES = /** @type {Record<string, [string, string, string]>} */ ({
  ok: ['●', 'is-ok', 'ok'],
  error: ['✗', 'is-error', 'error'],
  tool_error: ['✗', 'is-error', 'tool error'],
  degraded: ['▲', 'is-warn', 'degraded'],
  slow: ['▲', 'is-warn', 'slow'],
  down: ['✗', 'is-error', 'down'],
  firing: ['✗', 'is-error', 'firing'],
  unseen: ['○', 'soft', 'not looked at yet'],
  unused: ['○', 'soft', 'unused'],
  active: ['●', 'is-ok', 'active'],
  ended: ['○', 'soft', 'ended'],
});

/** @param {{ state: string, text?: string }} props */
export function Status({ state, text }) {
  const [mark, name, words] = STATES[state] ?? ['·', 'soft', state];
  return html`<span class=${`state ${name}`} data-mark=${mark}>${text ?? words}</span>`;
}
