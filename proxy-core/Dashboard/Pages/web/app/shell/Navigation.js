import { signOut } from '../core/api.js';
import { bytes, count } from '../core/format.js';
import { html, useEffect, useRef } from '../core/html.js';
import { page, urlOf } from '../core/location.js';
import { status, team } from '../core/status.js';

/** Names of pages, in their order. */
export const TITLES = /** @type {Record<string, string>} */ ({
  overview: 'Overview',
  tools: 'Tools',
  requests: 'Requests',
  sessions: 'Sessions',
  errors: 'Errors',
  slow: 'Slow calls',
  clients: 'Clients',
  versions: 'Tool versions',
  policies: 'Widget policies',
  alerts: 'Alerts',
  studio: 'Studio',
});

/** Servers of a team are elsewhere, so there is no Studio for them; and nobody but a team has alerts. @param {string} name */
export const isOffered = (name) => (name === 'studio' ? !team.value : name !== 'alerts' || team.value !== null);

function Mark() {
  return html`
    <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.4">
      <path d="M2 8h12" />
      <circle cx="3" cy="8" r="1.7" fill="currentColor" />
      <circle cx="8" cy="8" r="1.7" fill="var(--surface-low)" />
      <circle cx="13" cy="8" r="1.7" fill="currentColor" />
    </svg>
  `;
}

function Foot() {
  const data = status.value;
  if (!data) return null;
  const { history, captured } = data;
  const member = team.value;
  return html`
    <div class="nav-foot small soft">
      ${history && html`<span title=${history.file}>${count(history.events)} events, ${bytes(history.bytes)}</span>`}
      ${history?.dropped > 0 && html`<span class="is-warn">▲ ${count(history.dropped)} were dropped</span>`}
      ${member
        ? html`<span class="clip" title=${member.role}>${member.project}: ${member.member}</span>`
        : html`<span>${captured?.is_on ? `${count(captured.requests)} with bodies` : 'bodies are not kept'}</span>`}
      <span>mcpr ${data.version}</span>
    </div>
  `;
}

export function Navigation() {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const name = page.value;
  const pages = Object.entries(TITLES).filter(([one]) => isOffered(one));
  // On small screens the pages are in a row that is wider than the screen.
  useEffect(() => list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [name]);
  return html`
    <nav class="nav" aria-label="Pages" ref=${list}>
      <a class="brand" href=${urlOf('overview')}><${Mark} />mcpr</a>
      <ul>
        ${pages.map(
          ([one, title]) => html`
            <li key=${one} class=${one === 'studio' ? 'apart' : ''}>
              <a href=${urlOf(one)} aria-current=${name === one ? 'page' : undefined}>${title}</a>
            </li>
          `,
        )}
        ${team.value && html`<li class="apart"><button type="button" onClick=${signOut}>Sign out</button></li>`}
      </ul>
      <${Foot} />
    </nav>
  `;
}
