import { bytes, count } from '../core/format.js';
import { html } from '../core/html.js';
import { TextView } from '../parts/JsonView.js';

/** Messages of an event stream, one after the other. @param {string} text */
function messagesOf(text) {
  return text
    .split(/\r?\n\r?\n/)
    .map((event) => event.split(/\r?\n/).filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart()).join('\n'))
    .filter(Boolean);
}

/** @param {{ body: any, isStream: boolean }} props */
function Body({ body, isStream }) {
  if (!body) return html`<p class="soft">No body.</p>`;
  if (body.text === null) return html`<p class="soft">${bytes(body.bytes)} that are no text.</p>`;
  const parts = isStream ? messagesOf(body.text) : [body.text];
  return html`
    ${body.is_cut && html`<p class="notice">▲ Cut: the first part of ${bytes(body.bytes)}.</p>`}
    ${body.is_redacted && html`<p class="small soft">Secrets were taken out before it was kept.</p>`}
    ${parts.map((part, at) => html`<${TextView} key=${at} text=${part} />`)}
  `;
}

/** @param {{ line: string, headers: [string, string][], body: any }} props */
export function CapturedMessage({ line, headers, body }) {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return html`
    <p class="mono">${line}</p>
    <${Body} body=${body} isStream=${type.startsWith('text/event-stream')} />
    <details>
      <summary>${count(headers.length)} headers</summary>
      <pre class="block">${headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</pre>
    </details>
  `;
}
