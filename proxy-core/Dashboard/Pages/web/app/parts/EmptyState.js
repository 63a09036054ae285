import { html } from '../core/html.js';
import { team } from '../core/status.js';

/**
 * Says why there is nothing, and what to do.
 * @param {{ title: string, children?: any }} props
 */
export function EmptyState({ title, children }) {
  return html`<div class="empty"><h2>${title}</h2>${children && html`<p>${children}</p>`}</div>`;
}

/** @param {{ what: string, isFiltered?: boolean, children?: any }} props */
export function NothingYet({ what, isFiltered = false, children }) {
  return isFiltered
    ? html`<${EmptyState} title=${`No ${what} here`}>None in this range that fits the filters. Choose a longer range, or take a filter away.<//>`
    : html`<${EmptyState} title=${`No ${what} yet`}>${children ?? (team.value ? 'What servers send to this project shows up here.' : 'Call a tool through mcpr, or from Studio, and it shows up here.')}<//>`;
}
