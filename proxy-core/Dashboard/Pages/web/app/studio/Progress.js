import { html } from '../core/html.js';
import { questions } from './asking/questions.js';

/**
 * How far a call is, as its server says.
 * @param {{ progress?: { progress: number, total?: number, message?: string }, onStop: () => void }} props
 */
export function Progress({ progress, onStop }) {
  return html`
    <div class="line" role="status">
      <progress max=${progress?.total} value=${progress?.total ? progress.progress : undefined} aria-label="Progress"></progress>
      <span class="soft">${progress ? (progress.message ?? `${progress.progress}${progress.total ? ` of ${progress.total}` : ''}`) : questions.value.length > 0 ? 'The server waits for an answer …' : 'Waiting for the server …'}</span>
      <button class="button" type="button" onClick=${onStop}>Stop</button>
    </div>
  `;
}
