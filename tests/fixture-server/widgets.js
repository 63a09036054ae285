// Widgets as servers describe them: in the spelling of MCP Apps, in ChatGPT's own, and not at all.

const APP = 'text/html;profile=mcp-app';

const page = (body) => `<!doctype html><html><head><title>widget</title></head><body>${body}</body></html>`;

/** @type {Record<string, { uri: string, mimeType: string, text: string, _meta?: object }>} */
const WIDGETS = {
  clock: {
    uri: 'ui://fixture/clock',
    mimeType: APP,
    text: page('<script src="http://localhost:9/clock.js"></script><img src="https://images.example.com/face.png">'),
    _meta: {
      ui: {
        csp: {
          connectDomains: ['http://localhost:9', 'ws://localhost:9', 'API.example.com'],
          resourceDomains: ['https://images.example.com/'],
          futureDomains: ['https://future.example.com'],
        },
        domain: 'clock.example.com',
        prefersBorder: true,
      },
    },
  },
  board: {
    uri: 'ui://fixture/board',
    mimeType: 'text/html+skybridge',
    text: page('<p>board</p>'),
    _meta: {
      'openai/widgetCSP': { connect_domains: [], resource_domains: ['https://cdn.example.com'] },
      'openai/widgetDomain': 'board.example.com',
    },
  },
  plain: { uri: 'ui://fixture/plain', mimeType: APP, text: page('<p>plain</p>') },
};

/** @param {import('@modelcontextprotocol/server').McpServer} server */
export function registerWidgets(server) {
  for (const [name, { uri, mimeType, text, _meta }] of Object.entries(WIDGETS)) {
    server.registerResource(`widget-${name}`, uri, { mimeType, ...(_meta && { _meta }) }, () => ({
      contents: [{ uri, mimeType, text, ...(_meta && { _meta }) }],
    }));
    server.registerTool(`show_${name}`, { description: `Shows the widget ${name}`, _meta: { ui: { resourceUri: uri } } }, () => ({
      content: [{ type: 'text', text: name }],
    }));
  }
}
