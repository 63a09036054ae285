import { html, useEffect, useState } from '../core/html.js';
import { Problem } from '../parts/Shown.js';
import { Progress } from './Progress.js';
import { ResultView } from './ResultView.js';
import { useCall } from './useCall.js';

/** What stands for something in a template of a URI (RFC 6570). @param {string} template */
const namesIn = (template) => [...template.matchAll(/\{[+#./;?&]?([^}]+)\}/g)].flatMap(([, names]) => names.split(',').map((name) => name.replace(/[*:].*$/, '')));

/** @param {string} template @param {Record<string, string>} values */
const fill = (template, values) =>
  template.replace(/\{([+#./;?&]?)([^}]+)\}/g, (_, operator, names) => {
    const all = names.split(',').map((/** @type {string} */ name) => values[name.replace(/[*:].*$/, '')] ?? '');
    return all.map((/** @type {string} */ value) => (operator === '+' ? encodeURI(value) : encodeURIComponent(value))).join(',');
  });

/**
 * @param {{ connection: import('./McpConnection.js').McpConnection, uri: string, resource: any }} props
 */
export function ResourcePanel({ connection, uri, resource }) {
  const names = namesIn(uri);
  const [values, setValues] = useState(/** @type {Record<string, string>} */ ({}));
  const call = useCall();
  const read = () => call.run((options) => connection.exchange('resources/read', { uri: fill(uri, values) }, options));
  useEffect(() => {
    if (names.length === 0) read();
  }, [uri]);
  return html`
    <div class="stack">
      <h2>${resource?.title ?? resource?.name ?? uri}</h2>
      <p class="line"><span class="mono soft">${uri}</span>${resource?.mimeType && html`<span class="tag">${resource.mimeType}</span>`}</p>
      ${resource?.description && html`<p class="soft">${resource.description}</p>`}
      ${names.map(
        (name) => html`
          <label class="field" key=${name}>
            <span class="mono">${name}</span>
            <input class="input" value=${values[name] ?? ''} onInput=${(/** @type {any} */ event) => setValues({ ...values, [name]: event.target.value })} />
          </label>
        `,
      )}
      <span><button class="button primary" type="button" disabled=${call.isRunning} onClick=${read}>Read</button></span>
      ${call.isRunning && html`<${Progress} progress=${call.progress} onStop=${call.stop} />`}
      ${call.problem && html`<${Problem} problem=${call.problem} />`}
      ${call.exchange && html`<${ResultView} exchange=${call.exchange} />`}
    </div>
  `;
}
