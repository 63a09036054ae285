import { ago, exactTime, time } from '../core/format.js';
import { html } from '../core/html.js';

/** @param {{ at?: string | null, isAgo?: boolean }} props */
export function Time({ at, isAgo = false }) {
  return at ? html`<time class="number" datetime=${at} title=${exactTime(at)}>${isAgo ? ago(at) : time(at)}</time>` : html`<span class="soft">never</span>`;
}
