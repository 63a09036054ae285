import { McpServer } from '@modelcontextprotocol/server';
import { announcementsOf } from './announcements.js';
import { registerPrompts } from './prompts.js';
import { registerResources } from './resources.js';
import { requestStates } from './request-states.js';
import { registerTaskMethods, TASKS_CAPABILITY } from './tasks/extension.js';
import { registerTaskTools } from './tasks/tools.js';
import { registerCapabilityTools } from './tools/capabilities.js';
import { registerChangeTools } from './tools/changes.js';
import { registerClientRequestTools } from './tools/client-requests.js';
import { registerContentTools } from './tools/content.js';
import { registerInputRequiredTools } from './tools/input-required.js';
import { registerSchemaTools } from './tools/schemas.js';
import { registerStreamTools } from './tools/streams.js';
import { registerWidgets } from './widgets.js';

const FIVE_MINUTES_MS = 300_000;
const SHARED_FOR_FIVE_MINUTES = { ttlMs: FIVE_MINUTES_MS, cacheScope: 'public' };

/**
 * One server instance with everything registered, for one connection, session or modern request.
 *
 * @param {object} options
 * @param {import('@modelcontextprotocol/server').ProtocolEra} options.era
 * @param {import('./announcements.js').Announcements} [options.announcements]
 *   where changes are announced; by default on the instance's own connection
 * @returns {McpServer}
 */
export function createFixtureServer({ era, announcements }) {
  const server = new McpServer(
    { name: 'mcpr-fixture', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        prompts: { listChanged: true },
        logging: {},
        completions: {},
        ...(era === 'modern' && TASKS_CAPABILITY),
      },
      cacheHints: {
        'tools/list': SHARED_FOR_FIVE_MINUTES,
        'prompts/list': SHARED_FOR_FIVE_MINUTES,
        'resources/list': SHARED_FOR_FIVE_MINUTES,
        'resources/templates/list': SHARED_FOR_FIVE_MINUTES,
        'resources/read': { ttlMs: FIVE_MINUTES_MS, cacheScope: 'private' },
      },
      requestState: { verify: requestStates.verify },
    },
  );
  registerContentTools(server);
  registerStreamTools(server);
  registerClientRequestTools(server);
  registerInputRequiredTools(server);
  registerCapabilityTools(server);
  registerSchemaTools(server);
  registerResources(server);
  registerWidgets(server);
  registerPrompts(server);
  registerChangeTools(server, announcements ?? announcementsOf(server, era));
  if (era === 'modern') {
    registerTaskMethods(server);
    registerTaskTools(server);
  }
  return server;
}
