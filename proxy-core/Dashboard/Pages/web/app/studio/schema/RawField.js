import { html, useState } from '../../core/html.js';

/** @param {any} value */
const written = (value) => (value === undefined ? '' : JSON.stringify(value, null, 2));

/**
 * JSON, for what has no form of its own. What cannot be read is not handed on.
 * @param {{ id: string, value: any, onChange: (value: any) => void, rows?: number, onFault?: (isFaulty: boolean) => void }} props
 */
export function RawField({ id, value, onChange, rows = 3, onFault }) {
  const [draft, setDraft] = useState(/** @type {{ text: string, fault: string } | null} */ (null));
  const edit = (/** @type {string} */ text) => {
    try {
      onChange(text.trim() === '' ? undefined : JSON.parse(text));
      setDraft({ text, fault: '' });
      onFault?.(false);
    } catch (fault) {
      setDraft({ text, fault: /** @type {Error} */ (fault).message });
      onFault?.(true);
    }
  };
  return html`
    <div>
      <textarea class="area" id=${id} rows=${rows} spellcheck="false" placeholder="JSON" aria-invalid=${Boolean(draft?.fault)} value=${draft?.text ?? written(value)}
        onInput=${(/** @type {any} */ event) => edit(event.target.value)} onBlur=${() => !draft?.fault && setDraft(null)}></textarea>
      ${draft?.fault && html`<p class="small is-error">✗ ${draft.fault}</p>`}
    </div>
  `;
}
