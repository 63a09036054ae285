import { html } from '../../core/html.js';
import { setParams } from '../../core/location.js';
import { Segments } from '../../parts/Segments.js';
import { HOSTS, LOCALES, VIEWPORTS } from './hosts.js';

/** @param {{ label: string, value: string, options: [string, string][], onChange: (value: string) => void }} props */
function Choice({ label, value, options, onChange }) {
  return html`
    <select class="select" aria-label=${label} title=${label} value=${value} onChange=${(/** @type {any} */ event) => onChange(event.target.value)}>
      ${options.map(([one, title]) => html`<option key=${one} value=${one}>${title}</option>`)}
    </select>
  `;
}

/** @param {{ settings: import('./settings.js').Settings }} props */
export function PreviewSettings({ settings }) {
  const { hostName, host, theme, mode, locale, viewport } = settings;
  return html`
    <div class="line">
      <${Segments} label="Host" chosen=${hostName} options=${Object.entries(HOSTS).map(([name, { title }]) => [name, title])}
        onChoose=${(/** @type {string} */ value) => setParams({ host: value })} />
      <${Choice} label="Theme" value=${theme} options=${[['light', 'light'], ['dark', 'dark']]} onChange=${(/** @type {string} */ value) => setParams({ theme: value })} />
      <${Choice} label="Display mode" value=${mode} options=${host.modes.map((one) => [one, one])} onChange=${(/** @type {string} */ value) => setParams({ display: value })} />
      <${Choice} label="Locale" value=${locale} options=${[...new Set([...LOCALES, locale])].map((one) => [one, one])} onChange=${(/** @type {string} */ value) => setParams({ locale: value })} />
      <${Choice} label="Viewport" value=${viewport} options=${Object.entries(VIEWPORTS).map(([name, { title }]) => [name, title])}
        onChange=${(/** @type {string} */ value) => setParams({ viewport: value })} />
    </div>
  `;
}
