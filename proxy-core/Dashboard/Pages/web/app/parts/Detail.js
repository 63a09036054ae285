import { html, useEffect, useRef } from '../core/html.js';

/**
 * What is selected, beside its list.
 * @param {{ title: any, onClose: () => void, children: any }} props
 */
export function Detail({ title, onClose, children }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    box.current?.scrollTo(0, 0);
  }, [typeof title === 'string' ? title : null]);
  return html`
    <aside class="detail stack" aria-label="Details" ref=${box}>
      <div class="detail-head">
        <h2>${title}</h2>
        <button class="button plain" type="button" data-close aria-label="Close" title="Close (Esc)" onClick=${onClose}>✕</button>
      </div>
      ${children}
    </aside>
  `;
}

/** @param {{ facts: [string, any][] }} props */
export function Facts({ facts }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false);
  return html`<dl class="facts">${known.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}
