import { html, useState } from '../core/html.js';
import { param, setParams } from '../core/location.js';
import { EmptyState } from '../parts/EmptyState.js';
import { QuestionList } from './asking/QuestionList.js';
import { isWidget, widgetOf } from './catalog.js';
import { MessageLog } from './MessageLog.js';
import { WidgetPreview } from './preview/WidgetPreview.js';
import { PromptPanel } from './PromptPanel.js';
import { RawPanel } from './RawPanel.js';
import { ResourcePanel } from './ResourcePanel.js';
import { SubjectList } from './SubjectList.js';
import { ToolPanel } from './ToolPanel.js';

/** @typedef {{ tool: any, args: any, result?: any, at: number }} Call */

/** What is chosen, and the widget that belongs to it. @param {import('./catalog.js').Catalog} catalog */
function chosenIn(catalog) {
  const tool = catalog.tools.find((one) => one.name === param('call'));
  const uri = param('resource');
  const resource = uri ? (catalog.resources.find((one) => one.uri === uri) ?? catalog.templates.find((one) => one.uriTemplate === uri)) : undefined;
  const prompt = catalog.prompts.find((one) => one.name === param('prompt'));
  const widget = widgetOf(tool) ?? (isWidget(uri, resource?.mimeType) ? uri : undefined);
  return { tool, uri, resource, prompt, widget };
}

/**
 * What a server offers, what is done with it, and the widget of it.
 * @param {{ connection: import('./McpConnection.js').McpConnection, catalog: import('./catalog.js').Catalog }} props
 */
export function Workbench({ connection, catalog }) {
  const { tool, uri, resource, prompt, widget } = chosenIn(catalog);
  const [call, setCall] = useState(/** @type {Call | null} */ (null));
  const isOfTool = call !== null && call.tool.name === tool?.name;
  const isChosen = tool || uri || prompt || param('raw');
  return html`
    <div class=${`studio ${widget ? 'has-widget' : ''} ${isChosen ? 'has-subject' : ''}`}>
      <${SubjectList} catalog=${catalog} />
      <div class="stack work">
        ${isChosen && html`<button class="button plain back" type="button" data-close onClick=${() => setParams({ call: null, resource: null, prompt: null, raw: null })}>← All tools</button>`}
        <${QuestionList} />
        ${tool &&
        html`<${ToolPanel} key=${tool.name} connection=${connection} tool=${tool}
          onStart=${(/** @type {any} */ one, /** @type {any} */ args) => setCall({ tool: one, args, at: Date.now() })}
          onCalled=${(/** @type {any} */ one, /** @type {any} */ args, /** @type {any} */ result) => setCall({ tool: one, args, result, at: Date.now() })} />`}
        ${uri && html`<${ResourcePanel} key=${uri} connection=${connection} uri=${uri} resource=${resource} />`}
        ${prompt && html`<${PromptPanel} key=${prompt.name} connection=${connection} prompt=${prompt} />`}
        ${param('raw') && html`<${RawPanel} connection=${connection} />`}
        ${!isChosen && html`<${EmptyState} title="Choose a tool, a resource or a prompt">What Studio sends goes through mcpr like every other call, and shows up under Requests.<//>`}
        ${!isChosen && param('call') && html`<p class="is-warn">▲ The server lists no tool ${param('call')}.</p>`}
      </div>
      <${MessageLog} connection=${connection} />
      ${widget &&
      html`<${WidgetPreview} key=${widget} connection=${connection} uri=${widget} tool=${tool} call=${isOfTool ? call : null}
        listed=${catalog.resources.find((one) => one.uri === widget)?._meta} />`}
    </div>
  `;
}
