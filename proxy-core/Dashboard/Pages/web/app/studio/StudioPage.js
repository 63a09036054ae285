import { useAnswer } from '../core/answer.js';
import { html, useEffect, useState } from '../core/html.js';
import { param, setParams } from '../core/location.js';
import { headersFrom } from '../core/text.js';
import { EmptyState } from '../parts/EmptyState.js';
import { Problem } from '../parts/Shown.js';
import { readCatalog } from './catalog.js';
import { ConnectionLine } from './ConnectionLine.js';
import { log } from './log.js';
import { McpConnection } from './McpConnection.js';
import { Workbench } from './Workbench.js';

/** @typedef {{ connection?: McpConnection, catalog?: import('./catalog.js').Catalog, problem?: Error }} Studio */

/** Lists are read again this long after the server has said that they changed, in ms; some say it often. */
const CHANGE_PACE = 500;

/** @param {string} text a URI per line */
const rootsFrom = (text) => text.split('\n').map((line) => line.trim()).filter(Boolean).map((uri) => ({ uri }));

/**
 * A connection to the server, and what it offers.
 * @param {string | undefined} server
 * @param {{ headers: string, roots: string }} texts
 * @param {number} round
 */
function useStudio(server, texts, round) {
  const [state, setState] = useState(/** @type {Studio} */ ({}));
  const revision = param('revision');
  useEffect(() => {
    if (!server) return undefined;
    const connection = new McpConnection(server, { headers: headersFrom(texts.headers), roots: rootsFrom(texts.roots), revision });
    let isLeft = false;
    let changed = 0;
    setState({});
    const read = async () => {
      const catalog = await readCatalog(connection);
      if (!isLeft) setState({ connection, catalog });
    };
    connection.onChanged = () => {
      clearTimeout(changed);
      changed = setTimeout(() => !isLeft && read().catch(() => {}), CHANGE_PACE);
    };
    connection
      .connect()
      .then(read)
      .catch((problem) => {
        log('server', problem.message, undefined, true);
        if (!isLeft) setState({ problem });
      });
    const leave = () => connection.close();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      isLeft = true;
      clearTimeout(changed);
      connection.close();
    };
  }, [server, texts, revision, round]);
  return state;
}

export function StudioPage() {
  const status = useAnswer('status');
  const [texts, setTexts] = useState({ headers: '', roots: '' });
  const [round, setRound] = useState(0);
  const servers = status.data?.servers ?? [];
  const server = servers.some((/** @type {any} */ one) => one.server === param('server')) ? param('server') : servers[0]?.server;
  const { connection, catalog, problem } = useStudio(server, texts, round);
  const again = () => setRound(round + 1);
  return html`
    <div class="stack">
      ${status.problem && html`<${Problem} problem=${status.problem} onAgain=${status.again} />`}
      ${status.data && servers.length === 0 && html`<${EmptyState} title="No server">mcpr stands in front of no MCP server. Start it with <code>--mcp</code>.<//>`}
      ${server &&
      html`<${ConnectionLine} connection=${connection} servers=${servers} server=${server} texts=${texts} onTexts=${setTexts} onAgain=${again}
        onServer=${(/** @type {string} */ value) => setParams({ server: value, call: null, resource: null, prompt: null })} />`}
      ${problem && html`<${Problem} problem=${problem} onAgain=${again} />`}
      ${server && !connection && !problem && html`<p class="loading" role="status">Connecting to ${server} …</p>`}
      ${connection && catalog && html`<${Workbench} key=${server} connection=${connection} catalog=${catalog} />`}
    </div>
  `;
}
