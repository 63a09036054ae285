import { html, useEffect, useRef } from '../../core/html.js';
import { ElicitationForm } from './ElicitationForm.js';
import { questions } from './questions.js';
import { SamplingForm } from './SamplingForm.js';

/** @param {{ question: import('./questions.js').Question }} props */
function Question({ question }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const field = box.current?.querySelector('input, textarea, select, button');
    if (field instanceof HTMLElement) field.focus();
  }, []);
  const Form = question.method === 'elicitation/create' ? ElicitationForm : SamplingForm;
  return html`<section class="question stack" ref=${box} aria-label="Question of the server"><${Form} question=${question} /></section>`;
}

/** What the server wants to know, the oldest first. */
export function QuestionList() {
  return questions.value.map((question) => html`<${Question} key=${question.key} question=${question} />`);
}
