import { postJson } from '../../core/api.js';

/** @typedef {{ uri: string, html: string, meta: any, policies: { host: string, policy: string, notes: string[] }[] }} Widget */

/** @param {string} blob */
const decoded = (blob) => new TextDecoder().decode(Uint8Array.from(atob(blob), (letter) => letter.charCodeAt(0)));

/**
 * The page of a widget as a host gets it, and the policies that hosts make of its metadata.
 * @param {import('../McpConnection.js').McpConnection} connection
 * @param {string} uri
 * @param {any} listed what the list of resources says of it
 * @returns {Promise<Widget>}
 */
export async function readWidget(connection, uri, listed) {
  const { contents = [] } = await connection.ask('resources/read', { uri });
  const content = contents.find((/** @type {any} */ one) => one.uri === uri) ?? contents[0];
  const text = content?.text ?? (content?.blob ? decoded(content.blob) : undefined);
  if (text === undefined) throw new Error(`${uri} has neither text nor blob`);
  const { policies } = await postJson('studio/policies', { uri, listed, read: content._meta });
  return { uri, html: text, meta: content._meta ?? {}, policies };
}
