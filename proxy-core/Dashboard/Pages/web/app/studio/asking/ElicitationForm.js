import { html, useState } from '../../core/html.js';
import { CopyButton } from '../../parts/CopyButton.js';
import { SchemaFields } from '../schema/SchemaField.js';
import { complaintOf, initialValue } from '../schema/values.js';

/** Only pages can be opened. @param {string} url */
const isPage = (url) => /^https?:\/\//i.test(url);

/** @param {{ url: string }} props */
function Page({ url }) {
  return html`
    <p class="line"><span class="mono">${url}</span><${CopyButton} text=${url} />
      ${isPage(url) && html`<a class="button" href=${url} target="_blank" rel="noopener noreferrer">Open</a>`}</p>
    <p class="small soft">What happens there is between you and that page. Accept says that you have agreed to open it.</p>
  `;
}

/**
 * The server asks for something, in a form or at a page.
 * @param {{ question: import('./questions.js').Question }} props
 */
export function ElicitationForm({ question }) {
  const { message, requestedSchema: schema, url } = question.params;
  const [value, setValue] = useState(() => (schema ? initialValue(schema, schema) : undefined));
  const complaint = schema ? complaintOf(value, schema, schema) : null;
  const accept = (/** @type {Event} */ event) => {
    event.preventDefault();
    question.settle({ result: { action: 'accept', ...(schema && { content: value ?? {} }) } });
  };
  const say = (/** @type {string} */ action) => () => question.settle({ result: { action } });
  return html`
    <form class="stack" noValidate onSubmit=${accept}>
      <div class="line"><h3>The server asks</h3><span class="tag">elicitation</span></div>
      <p class="description">${message}</p>
      ${schema && html`<${SchemaFields} id=${`question-${question.key}`} schema=${schema} root=${schema} value=${value} onChange=${setValue} />`}
      ${url && html`<${Page} url=${url} />`}
      <div class="line">
        <button class="button primary" type="submit">Accept</button>
        <button class="button" type="button" onClick=${say('decline')}>Decline</button>
        <button class="button" type="button" onClick=${say('cancel')}>Cancel</button>
        ${complaint && html`<span class="small is-warn">▲ ${complaint}</span>`}
      </div>
    </form>
  `;
}
