import { getJson } from '../core/api.js';
import { html, useEffect, useState } from '../core/html.js';
import { param } from '../core/location.js';
import { Problem } from '../parts/Shown.js';
import { JsonView } from '../parts/JsonView.js';
import { Segments } from '../parts/Segments.js';
import { Progress } from './Progress.js';
import { ResultView } from './ResultView.js';
import { RawField } from './schema/RawField.js';
import { SchemaFields } from './schema/SchemaField.js';
import { complaintOf, initialValue } from './schema/values.js';
import { paramHeaders } from './standardHeaders.js';
import { useCall } from './useCall.js';

/** Arguments of tools as they were left, by server and tool. */
const drafts = /** @type {Map<string, any>} */ (new Map());

/** @param {any} tool */
const hints = (tool) =>
  [
    tool.annotations?.readOnlyHint && 'only reads',
    tool.annotations?.destructiveHint && !tool.annotations?.readOnlyHint && 'may destroy',
    tool.annotations?.idempotentHint && 'may be repeated',
  ].filter(Boolean);

/** The arguments of a request that is still kept. @param {string} id */
async function argumentsOf(id) {
  const { captured } = await getJson(`requests/${encodeURIComponent(id)}`);
  return JSON.parse(captured.body.text).params.arguments;
}

/** @param {{ tool: any, args: any, onChange: (args: any) => void, onFault: (isFaulty: boolean) => void }} props */
function Arguments({ tool, args, onChange, onFault }) {
  const schema = tool.inputSchema ?? {};
  const [way, setWay] = useState('form');
  const hasForm = Object.keys(schema.properties ?? {}).length > 0;
  const choose = (/** @type {string} */ value) => {
    setWay(value);
    onFault(false);
  };
  return html`
    <div class="line">
      <h3>Arguments</h3>
      ${hasForm && html`<${Segments} label="How to write arguments" options=${[['form', 'Form'], ['json', 'JSON']]} chosen=${way} onChoose=${choose} />`}
    </div>
    ${!hasForm && schema.additionalProperties === false && html`<p class="soft">It takes none.</p>`}
    ${way === 'form' && hasForm
      ? html`<div class="stack"><${SchemaFields} id="argument" schema=${schema} root=${schema} value=${args} onChange=${onChange} /></div>`
      : html`<${RawField} id="arguments" rows=${hasForm ? 10 : 3} value=${args} onChange=${(/** @type {any} */ value) => onChange(value ?? {})} onFault=${onFault} />`}
  `;
}

/**
 * @param {{ connection: import('./McpConnection.js').McpConnection, tool: any,
 *   onCalled: (tool: any, args: any, result: any) => void, onStart: (tool: any, args: any) => void }} props
 */
export function ToolPanel({ connection, tool, onCalled, onStart }) {
  const key = `${connection.server} ${tool.name}`;
  const from = param('from');
  const [args, setArgs] = useState(() => drafts.get(key) ?? initialValue(tool.inputSchema ?? {}, tool.inputSchema) ?? {});
  const [isFaulty, setFaulty] = useState(false);
  const call = useCall();
  const complaint = complaintOf(args, tool.inputSchema ?? {}, tool.inputSchema ?? {});
  const { fault } = paramHeaders(tool.inputSchema);

  useEffect(() => {
    drafts.set(key, args);
  }, [args]);

  useEffect(() => {
    if (from) argumentsOf(from).then((found) => found && setArgs(found), () => {});
  }, [from]);

  const send = () => {
    onStart(tool, args);
    call.run(async (options) => {
      const params = { name: tool.name, arguments: args, _meta: { progressToken: `${tool.name}-${connection.lastId}` } };
      const exchange = await connection.exchange('tools/call', params, options);
      if (exchange.answer?.result) onCalled(tool, args, exchange.answer.result);
      return exchange;
    });
  };

  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  };

  return html`
    <div class="stack" onKeyDown=${onKeyDown}>
      <div class="line">
        <h2>${tool.title ?? tool.annotations?.title ?? tool.name}</h2>
        ${tool.title && html`<span class="mono soft">${tool.name}</span>`}
        ${hints(tool).map((hint) => html`<span class="tag" key=${hint}>${hint}</span>`)}
      </div>
      ${tool.description && html`<p class="soft description">${tool.description}</p>`}
      ${fault && html`<p class="is-warn">▲ Clients of 2026-07-28 leave this tool out: ${fault}.</p>`}
      <${Arguments} tool=${tool} args=${args} onChange=${setArgs} onFault=${setFaulty} />
      <div class="line">
        <button class="button primary" type="button" disabled=${isFaulty || call.isRunning} title="Ctrl Enter" onClick=${send}>▶ Call</button>
        ${complaint && html`<span class="small is-warn">▲ ${complaint}; the server may refuse it</span>`}
      </div>
      ${call.isRunning && html`<${Progress} progress=${call.progress} onStop=${call.stop} />`}
      ${call.problem && html`<${Problem} problem=${call.problem} />`}
      ${call.exchange && html`<${ResultView} exchange=${call.exchange} />`}
      <details>
        <summary class="soft small">Definition</summary>
        <${JsonView} value=${tool} />
      </details>
    </div>
  `;
}
