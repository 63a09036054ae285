import { html, useState } from '../../core/html.js';
import { JsonView } from '../../parts/JsonView.js';
import { ContentBlock } from '../ContentBlock.js';
import { refuse } from './questions.js';

/** Who is taken for the model that answers. */
const MODEL = 'mcpr-studio';

/** @param {{ message: any }} props */
function Message({ message }) {
  return html`
    <p class="small soft">${message.role}</p>
    ${[message.content].flat().map((/** @type {any} */ block) => html`<${ContentBlock} block=${block} />`)}
  `;
}

/**
 * The server wants a model to answer; there is none here but the person.
 * @param {{ question: import('./questions.js').Question }} props
 */
export function SamplingForm({ question }) {
  const { messages = [], systemPrompt, ...wishes } = question.params;
  const [text, setText] = useState('');
  const answer = (/** @type {Event} */ event) => {
    event.preventDefault();
    question.settle({ result: { role: 'assistant', content: { type: 'text', text }, model: MODEL, stopReason: 'endTurn' } });
  };
  return html`
    <form class="stack" onSubmit=${answer}>
      <div class="line"><h3>The server asks a model</h3><span class="tag">sampling</span></div>
      ${systemPrompt && html`<p class="small soft">system</p><p class="description">${systemPrompt}</p>`}
      ${messages.map((/** @type {any} */ message) => html`<${Message} message=${message} />`)}
      <details><summary class="soft small">What it wants of the model</summary><${JsonView} value=${wishes} /></details>
      <label class="field"><span>Answer in its place</span><textarea class="area" rows="4" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)}></textarea></label>
      <div class="line">
        <button class="button primary" type="submit">Answer</button>
        <button class="button" type="button" onClick=${() => refuse(question)}>Refuse</button>
      </div>
    </form>
  `;
}
