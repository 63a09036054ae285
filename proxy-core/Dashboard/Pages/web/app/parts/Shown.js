import { html } from '../core/html.js';

/** @param {{ problem: Error, onAgain?: () => void }} props */
export function Problem({ problem, onAgain }) {
  return html`
    <div class="problem" role="alert">
      <span>✗ ${problem.message}</span>
      ${onAgain && html`<button class="button" type="button" onClick=${onAgain}>Try again</button>`}
    </div>
  `;
}

/**
 * What limits have taken away.
 * @param {{ cut?: string[] }} props
 */
export function CutNotice({ cut = [] }) {
  return cut.map((text) => html`<div class="notice" role="status" key=${text}>▲ ${text}</div>`);
}

/**
 * An answer once it is there, with what is wrong with it and what is missing from it.
 * @param {{ answer: import('../core/answer.js').Answer, children: (data: any) => any }} props
 */
export function Shown({ answer, children }) {
  const { data, problem, isLoading, again } = answer;
  return html`
    ${problem && html`<${Problem} problem=${problem} onAgain=${again} />`}
    ${data && html`<${CutNotice} cut=${data.cut} />`}
    ${data ? children(data) : isLoading && !problem && html`<p class="loading" role="status">Loading …</p>`}
  `;
}
