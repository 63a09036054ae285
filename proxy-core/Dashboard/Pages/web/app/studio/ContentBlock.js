import { bytes } from '../core/format.js';
import { html } from '../core/html.js';
import { setParams } from '../core/location.js';
import { TextView } from '../parts/JsonView.js';

/** @param {{ type: string, data: string }} props */
function Media({ type, data }) {
  const url = `data:${type};base64,${data}`;
  if (type.startsWith('image/')) return html`<img class="media" src=${url} alt=${`${type}, ${bytes(data.length * 0.75)}`} />`;
  if (type.startsWith('audio/')) return html`<audio controls src=${url}></audio>`;
  return html`<p><a download="result" href=${url}>${type}, ${bytes(Math.round(data.length * 0.75))}</a></p>`;
}

/** A resource that is in the message. @param {{ resource: any }} props */
export function ResourceContent({ resource }) {
  const type = resource.mimeType ?? '';
  return html`
    <p class="small"><span class="mono">${resource.uri}</span> <span class="soft">${type}</span></p>
    ${resource.text !== undefined && html`<${TextView} text=${resource.text} />`}
    ${resource.blob !== undefined && html`<${Media} type=${type || 'application/octet-stream'} data=${resource.blob} />`}
  `;
}

/** A piece of content of a result or a prompt. @param {{ block: any }} props */
export function ContentBlock({ block }) {
  switch (block?.type) {
    case 'text':
      return html`<${TextView} text=${block.text} />`;
    case 'image':
    case 'audio':
      return html`<${Media} type=${block.mimeType} data=${block.data} />`;
    case 'resource':
      return html`<${ResourceContent} resource=${block.resource} />`;
    case 'resource_link':
      return html`
        <p>
          <button class="button" type="button" onClick=${() => setParams({ resource: block.uri, call: null, prompt: null })}>${block.title ?? block.name ?? block.uri}</button>
          <span class="soft small mono"> ${block.uri}</span> ${block.description}
        </p>
      `;
    default:
      return html`<${TextView} text=${JSON.stringify(block)} />`;
  }
}
