import { postJson } from '../../core/api.js';
import { html, useCallback, useEffect, useState } from '../../core/html.js';
import { Problem } from '../../parts/Shown.js';
import { log } from '../log.js';
import { PolicyView } from './PolicyView.js';
import { PreviewSettings } from './PreviewSettings.js';
import { readSettings } from './settings.js';
import { ViolationList } from './ViolationList.js';
import { WidgetFrame } from './WidgetFrame.js';
import { readWidget } from './widgetResource.js';

/** Different things that are told of; a widget could go on for ever. */
const MOST = 100;

/** Reports name origins, or words such as `inline`. @param {string} blocked */
function originOf(blocked) {
  try {
    const url = new URL(blocked);
    return url.origin === 'null' ? url.protocol.slice(0, -1) : url.origin;
  } catch {
    return blocked;
  }
}

/** @param {any} message */
const whereOf = ({ source, line, sample }) => [sample, source && source !== 'about' && !source.endsWith('/sandbox.js') && `${source.slice(0, 120)}${line ? `:${line}` : ''}`].filter(Boolean).join(' · ');

/** What a policy has stopped, with the line that would allow it. @param {string} uri */
function useViolations(uri) {
  const [violations, setViolations] = useState(/** @type {import('./ViolationList.js').Violation[]} */ ([]));
  const take = useCallback((/** @type {any} */ message) => {
    const directive = message.directive;
    const blocked = originOf(message.blocked);
    const key = `${directive} ${blocked}`;
    setViolations((before) => {
      if (before.some((one) => one.key === key)) return before.map((one) => (one.key === key ? { ...one, count: one.count + 1 } : one));
      if (before.length === MOST) return before;
      log('policy', `${directive} stopped ${message.blocked}`, message, true);
      postJson('studio/violations', { widget: uri, directive, blocked }).then(
        ({ fix }) => setViolations((now) => now.map((one) => (one.key === key ? { ...one, fix } : one))),
        (problem) => log('policy', problem.message, undefined, true),
      );
      return [...before, { key, directive, blocked: message.blocked, count: 1, where: whereOf(message) }];
    });
  }, []);
  return { violations, take, clear: () => setViolations([]) };
}

/**
 * @param {{ connection: import('../McpConnection.js').McpConnection, uri: string, listed: any, tool: any, call: import('../Workbench.js').Call | null }} props
 */
export function WidgetPreview({ connection, uri, listed, tool, call }) {
  const settings = readSettings();
  const [round, setRound] = useState(0);
  const [state, setState] = useState(/** @type {{ widget?: import('./widgetResource.js').Widget, problem?: Error, round?: number }} */ ({}));
  const { violations, take, clear } = useViolations(uri);

  useEffect(() => {
    let isLeft = false;
    readWidget(connection, uri, listed).then(
      (widget) => !isLeft && setState({ widget, round }),
      (problem) => !isLeft && setState({ problem, round }),
    );
    return () => {
      isLeft = true;
    };
  }, [round]);

  useEffect(clear, [settings.hostName, round]);

  const policy = state.widget?.policies.find((one) => one.host === settings.host.policy);
  const again = () => setRound(round + 1);
  return html`
    <section class="stack preview" aria-label="Widget">
      <div class="line">
        <h2>Widget</h2><span class="mono small soft">${uri}</span>
        <button class="button push" type="button" onClick=${again}>↻ Show again</button>
      </div>
      <${PreviewSettings} settings=${settings} />
      ${state.problem && html`<${Problem} problem=${state.problem} onAgain=${again} />`}
      ${state.widget && policy &&
      html`
        <${WidgetFrame} key=${`${settings.hostName} ${state.round}`} connection=${connection} widget=${state.widget} policy=${policy.policy} settings=${settings}
          tool=${tool} call=${call} onViolation=${take} />
        ${tool && !call && html`<p class="small soft">Call the tool, and the widget gets its result.</p>`}
        ${state.round === round && html`<${ViolationList} violations=${violations} host=${settings.host.title} onReload=${again} />`}
        <${PolicyView} policy=${policy} />
      `}
    </section>
  `;
}
