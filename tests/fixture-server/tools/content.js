import { PNG_PIXEL, WAV_SILENCE } from '../samples.js';

const redPixel = { type: 'image', data: PNG_PIXEL, mimeType: 'image/png' };

/** @type {Record<string, { description: string, content: object[] }>} */
const FIXED_RESULTS = {
  test_simple_text: {
    description: 'Returns one text block',
    content: [{ type: 'text', text: 'This is a simple text response for testing.' }],
  },
  test_image_content: {
    description: 'Returns one image block',
    content: [redPixel],
  },
  test_audio_content: {
    description: 'Returns one audio block',
    content: [{ type: 'audio', data: WAV_SILENCE, mimeType: 'audio/wav' }],
  },
  test_embedded_resource: {
    description: 'Returns one embedded text resource',
    content: [
      {
        type: 'resource',
        resource: { uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'This is an embedded resource content.' },
      },
    ],
  },
  test_multiple_content_types: {
    description: 'Returns a text, an image and an embedded JSON resource',
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      redPixel,
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: JSON.stringify({ test: 'data', value: 123 }),
        },
      },
    ],
  },
};

/** @param {import('@modelcontextprotocol/server').McpServer} server */
export function registerContentTools(server) {
  for (const [name, { description, content }] of Object.entries(FIXED_RESULTS)) {
    server.registerTool(name, { description }, () => ({ content }));
  }
  server.registerTool('test_error_handling', { description: 'Always fails' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
}
