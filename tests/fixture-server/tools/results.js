/**
 * @param {string} text
 * @returns {import('@modelcontextprotocol/server').CallToolResult}
 */
export function textResult(text) {
  return { content: [{ type: 'text', text }] };
}
