import { html } from '../../core/html.js';

/** @param {{ policy: { host: string, policy: string, notes: string[] } }} props */
export function PolicyView({ policy }) {
  const directives = policy.policy.split('; ').map((one) => {
    const [name, ...sources] = one.split(' ');
    return { name, sources };
  });
  return html`
    <details>
      <summary class="small soft">The policy of ${policy.host}</summary>
      <dl class="facts mono small block">
        ${directives.map(({ name, sources }) => html`<dt>${name}</dt><dd>${sources.join(' ')}</dd>`)}
      </dl>
      <ul class="small soft">${policy.notes.map((note) => html`<li key=${note}>${note}</li>`)}</ul>
    </details>
  `;
}
