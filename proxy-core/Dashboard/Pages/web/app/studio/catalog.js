// What a server offers.

/** Pages of a list that are asked for. */
const MAX_PAGES = 20;

/**
 * @param {import('./McpConnection.js').McpConnection} connection
 * @param {string} method @param {string} name
 */
async function listOf(connection, method, name) {
  const all = [];
  let cursor;
  for (let page = 0; page < MAX_PAGES; page++) {
    const exchange = await connection.exchange(method, cursor ? { cursor } : {});
    // A server without resources, say, does not know the method.
    if (!exchange.answer?.result) break;
    all.push(...(exchange.answer.result[name] ?? []));
    cursor = exchange.answer.result.nextCursor;
    if (!cursor) break;
  }
  return all;
}

/**
 * @typedef {{ tools: any[], resources: any[], templates: any[], prompts: any[] }} Catalog
 * @param {import('./McpConnection.js').McpConnection} connection
 * @returns {Promise<Catalog>}
 */
export async function readCatalog(connection) {
  const has = connection.info?.capabilities ?? {};
  const tools = has.tools ? await listOf(connection, 'tools/list', 'tools') : [];
  connection.learn(tools);
  return {
    tools,
    resources: has.resources ? await listOf(connection, 'resources/list', 'resources') : [],
    templates: has.resources ? await listOf(connection, 'resources/templates/list', 'resourceTemplates') : [],
    prompts: has.prompts ? await listOf(connection, 'prompts/list', 'prompts') : [],
  };
}

/** The widget of a tool, in the spellings that there are. @param {any} tool @returns {string | undefined} */
export const widgetOf = (tool) => tool?._meta?.ui?.resourceUri ?? tool?._meta?.['ui/resourceUri'] ?? tool?._meta?.['openai/outputTemplate'];

/** @param {string | undefined} uri @param {string | undefined} type */
export const isWidget = (uri, type) => Boolean(uri?.startsWith('ui://') || type?.startsWith('text/html;profile=mcp-app') || type?.startsWith('text/html+skybridge'));
