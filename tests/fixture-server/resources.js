import { ResourceTemplate } from '@modelcontextprotocol/server';
import { PNG_PIXEL } from './samples.js';

export const WATCHED_RESOURCE_URI = 'test://watched-resource';

/** @type {Record<string, { uri: string, description: string, content: { mimeType: string, text?: string, blob?: string } }>} */
const STATIC_RESOURCES = {
  'static-text': {
    uri: 'test://static-text',
    description: 'A text that never changes',
    content: { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  },
  'static-binary': {
    uri: 'test://static-binary',
    description: 'An image that never changes',
    content: { mimeType: 'image/png', blob: PNG_PIXEL },
  },
  'watched-resource': {
    uri: WATCHED_RESOURCE_URI,
    description: 'A resource to subscribe to',
    content: { mimeType: 'text/plain', text: 'Watched resource content' },
  },
};

/** @param {import('@modelcontextprotocol/server').McpServer} server */
export function registerResources(server) {
  for (const [name, { uri, description, content }] of Object.entries(STATIC_RESOURCES)) {
    server.registerResource(name, uri, { description, mimeType: content.mimeType }, () => ({
      contents: [{ uri, ...content }],
    }));
  }
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', {
      list: undefined,
      complete: { id: typed => ['123', '124', '200'].filter(id => id.startsWith(typed)) },
    }),
    { description: 'Data for any id', mimeType: 'application/json' },
    (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
        },
      ],
    }),
  );
}
