import { html, useEffect, useRef } from '../core/html.js';
import { PAGES_BY_KEY } from '../core/keys.js';
import { team } from '../core/status.js';
import { isOffered, TITLES } from './Navigation.js';

const KEYS = /** @type {[string, string][]} */ ([
  ['j k', 'next row, row before'],
  ['Enter', 'open the row'],
  ['Esc', 'close what is open, leave a field'],
  ['/', 'search'],
  ['p', 'pause, go on'],
  ['Ctrl Enter', 'Studio: call the tool'],
  ['?', 'this'],
]);

/** @param {{ onClose: () => void }} props */
export function HelpDialog({ onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => dialog.current?.showModal(), []);
  return html`
    <dialog class="help" ref=${dialog} onClose=${onClose} aria-label="Keyboard">
      <div class="line">
        <h2>Keyboard</h2>
        <button class="button plain push" type="button" data-close aria-label="Close" onClick=${() => dialog.current?.close()}>✕</button>
      </div>
      <dl>
        ${KEYS.filter(([, what]) => !team.value || !what.startsWith('Studio')).map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}
        ${Object.entries(PAGES_BY_KEY).filter(([, name]) => isOffered(name)).map(([key, name]) => html`<dt><kbd>g</kbd> <kbd>${key}</kbd></dt><dd>${TITLES[name]}</dd>`)}
      </dl>
    </dialog>
  `;
}
