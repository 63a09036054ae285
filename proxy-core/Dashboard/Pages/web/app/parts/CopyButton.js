import { html, useState } from '../core/html.js';

/** How long it says that it has, in ms. */
const SAID = 1500;

/** @param {{ text: string | (() => Promise<string>), label?: string }} props */
export function CopyButton({ text, label = 'Copy' }) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text());
      setSaid('Copied');
    } catch (problem) {
      setSaid(problem instanceof Error ? `Not copied: ${problem.message}` : 'Not copied');
    }
    setTimeout(() => setSaid(''), SAID);
  };
  return html`<button class="button" type="button" onClick=${copy} aria-live="polite">${said || label}</button>`;
}
