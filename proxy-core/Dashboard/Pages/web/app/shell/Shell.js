import { signal } from '@preact/signals';
import { isPaused, useAnswer } from '../core/answer.js';
import { html, useEffect, useRef } from '../core/html.js';
import { listenToKeys } from '../core/keys.js';
import { go, page, urlOf } from '../core/location.js';
import { status } from '../core/status.js';
import { AlertsPage } from '../pages/AlertsPage.js';
import { ClientsPage } from '../pages/ClientsPage.js';
import { ErrorsPage } from '../pages/ErrorsPage.js';
import { OverviewPage } from '../pages/OverviewPage.js';
import { PoliciesPage } from '../pages/PoliciesPage.js';
import { RequestsPage } from '../pages/RequestsPage.js';
import { SessionsPage } from '../pages/SessionsPage.js';
import { SlowPage } from '../pages/SlowPage.js';
import { ToolsPage } from '../pages/ToolsPage.js';
import { VersionsPage } from '../pages/VersionsPage.js';
import { EmptyState } from '../parts/EmptyState.js';
import { StudioPage } from '../studio/StudioPage.js';
import { HelpDialog } from './HelpDialog.js';
import { isOffered, Navigation, TITLES } from './Navigation.js';
import { TopBar } from './TopBar.js';

const PAGES = /** @type {Record<string, any>} */ ({
  overview: OverviewPage,
  tools: ToolsPage,
  requests: RequestsPage,
  sessions: SessionsPage,
  errors: ErrorsPage,
  slow: SlowPage,
  clients: ClientsPage,
  versions: VersionsPage,
  policies: PoliciesPage,
  alerts: AlertsPage,
  studio: StudioPage,
});

/** Those that are about no range. */
const BARE = ['alerts', 'studio'];

const isHelpOpen = signal(false);

function NoPage() {
  return html`<${EmptyState} title="There is no such page"><a href=${urlOf('overview')}>Overview</a><//>`;
}

export function Shell() {
  const name = page.value;
  const { data } = useAnswer('status');
  const main = useRef(/** @type {HTMLElement | null} */ (null));

  useEffect(
    () =>
      listenToKeys({
        goTo: (target) => go(urlOf(target)),
        help: () => {
          isHelpOpen.value = true;
        },
        pause: () => {
          isPaused.value = !isPaused.value;
        },
      }),
    [],
  );

  useEffect(() => {
    if (data) status.value = data;
  }, [data]);

  useEffect(() => {
    document.title = `${TITLES[name] ?? 'mcpr'} · mcpr`;
    window.scrollTo(0, 0);
  }, [name]);

  return html`
    <div class="shell">
      <a class="skip" href="#main" onClick=${() => main.current?.focus()}>Skip to the content</a>
      <${Navigation} />
      <${TopBar} title=${TITLES[name] ?? 'mcpr'} hasFilters=${!BARE.includes(name) && name in PAGES} onHelp=${() => (isHelpOpen.value = true)} />
      <main class="main" id="main" tabindex="-1" ref=${main}><${(isOffered(name) && PAGES[name]) || NoPage} key=${name} /></main>
      ${isHelpOpen.value && html`<${HelpDialog} onClose=${() => (isHelpOpen.value = false)} />`}
    </div>
  `;
}
