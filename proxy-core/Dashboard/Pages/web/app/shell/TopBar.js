import { isPaused, useAnswer } from '../core/answer.js';
import { html } from '../core/html.js';
import { queryOf } from '../core/query.js';
import { RangeChoice } from './RangeChoice.js';
import { ValueChoice } from './ValueChoice.js';

function Filters() {
  const query = new URLSearchParams([...queryOf()].filter(([name]) => name === 'since' || name === 'until'));
  const { data } = useAnswer('filters', query);
  const isSingle = (data?.servers ?? []).length < 2;
  return html`
    <${RangeChoice} />
    ${!isSingle && html`<${ValueChoice} name="server" label="servers" values=${data?.servers} />`}
    <${ValueChoice} name="tool" label="tools" values=${data?.tools} />
    <${ValueChoice} name="client" label="clients" values=${data?.clients} />
    <button class="button" type="button" aria-pressed=${isPaused.value} title="p" onClick=${() => (isPaused.value = !isPaused.value)}>
      ${isPaused.value ? '▶ Go on' : 'Pause'}
    </button>
  `;
}

/** @param {{ title: string, hasFilters: boolean, onHelp: () => void }} props */
export function TopBar({ title, hasFilters, onHelp }) {
  return html`
    <header class=${`top ${hasFilters ? '' : 'is-bare'}`}>
      <h1>${title}</h1>
      <span class="push"></span>
      ${hasFilters && html`<${Filters} />`}
      <button class="button plain" type="button" aria-label="Keyboard" title="Keyboard (?)" onClick=${onHelp}>?</button>
    </header>
  `;
}
