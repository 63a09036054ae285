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

/**
 * A connection to the server, and what it offers.
 * @param {string | undefined} server
 * @param {string} headers
 * @param {number} round
 */
function useStudio(server, headers, round) {
  const [state, setState] = useState(/** @type {Studio} */ ({}));
  useEffect(() => {
    if (!server) return undefined;
    const connection = new McpConnection(server, headersFrom(headers));
    let isLeft = false;
    setState({});
    connection
      .connect()
      .then(async () => {
        const catalog = await readCatalog(connection);
        if (!isLeft) setState({ connection, catalog });
      })
      .catch((problem) => {
        log('server', problem.message, undefined, true);
        if (!isLeft) setState({ problem });
      });
    return () => {
      isLeft = true;
      connection.close();
    };
  }, [server, headers, round]);
  return state;
}

export function StudioPage() {
  const status = useAnswer('status');
  const [headers, setHeaders] = useState('');
  const [round, setRound] = useState(0);
  const servers = status.data?.servers ?? [];
  const server = servers.some((/** @type {any} */ one) => one.server === param('server')) ? param('server') : servers[0]?.server;
  const { connection, catalog, problem } = useStudio(server, headers, round);
  const again = () => setRound(round + 1);
  return html`
    <div class="stack">
      ${status.problem && html`<${Problem} problem=${status.problem} onAgain=${status.again} />`}
      ${status.data && servers.length === 0 && html`<${EmptyState} title="No server">mcpr stands in front of no MCP server. Start it with <code>--mcp</code>.<//>`}
      ${server &&
      html`<${ConnectionLine} connection=${connection} servers=${servers} server=${server} headers=${headers} onHeaders=${setHeaders} onAgain=${again}
        onServer=${(/** @type {string} */ value) => setParams({ server: value, call: null, resource: null, prompt: null })} />`}
      ${problem && html`<${Problem} problem=${problem} onAgain=${again} />`}
      ${server && !connection && !problem && html`<p class="loading" role="status">Connecting to ${server} …</p>`}
      ${connection && catalog && html`<${Workbench} key=${server} connection=${connection} catalog=${catalog} />`}
    </div>
  `;
}
