import { html } from '../core/html.js';

/** @param {KeyboardEvent} event */
function moveFocus(event) {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (step === 0 || !(event.currentTarget instanceof HTMLElement)) return;
  const tabs = /** @type {HTMLElement[]} */ ([...event.currentTarget.querySelectorAll('[role=tab]')]);
  const at = tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  tabs[(at + step + tabs.length) % tabs.length]?.click();
  tabs[(at + step + tabs.length) % tabs.length]?.focus();
}

/** @param {{ tabs: [string, any][], chosen: string, onChoose: (name: string) => void, label: string }} props */
export function Tabs({ tabs, chosen, onChoose, label }) {
  return html`
    <div class="tabs" role="tablist" aria-label=${label} onKeyDown=${moveFocus}>
      ${tabs.map(
        ([name, title]) => html`
          <button key=${name} type="button" role="tab" aria-selected=${chosen === name} tabindex=${chosen === name ? 0 : -1} onClick=${() => onChoose(name)}>
            ${title}
          </button>
        `,
      )}
    </div>
  `;
}
