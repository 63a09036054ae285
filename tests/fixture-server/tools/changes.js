import { WATCHED_RESOURCE_URI } from '../resources.js';
import { textResult } from './results.js';

/**
 * Tools that make the server announce a change to whoever listens.
 *
 * @param {import('@modelcontextprotocol/server').McpServer} server
 * @param {import('../announcements.js').Announcements} announcements
 */
export function registerChangeTools(server, announcements) {
  /** @type {Record<string, { description: string, announce: () => void }>} */
  const tools = {
    test_trigger_tool_change: {
      description: 'Announces that the list of tools changed',
      announce: () => announcements.toolsChanged(),
    },
    test_trigger_prompt_change: {
      description: 'Announces that the list of prompts changed',
      announce: () => announcements.promptsChanged(),
    },
    test_trigger_resource_update: {
      description: `Announces that ${WATCHED_RESOURCE_URI} changed`,
      announce: () => announcements.resourceUpdated(WATCHED_RESOURCE_URI),
    },
  };
  for (const [name, { description, announce }] of Object.entries(tools)) {
    server.registerTool(name, { description }, () => {
      announce();
      return textResult('Announced');
    });
  }
}
