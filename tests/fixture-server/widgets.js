// Widgets as servers describe them: in the spelling of MCP Apps, in ChatGPT's own, and not at all.

const APP = 'text/html;profile=mcp-app';

const page = (body) => `<!doctype html><html><head><title>widget</title></head><body>${body}</body></html>`;

// Tells what its host gives it, in both ways that hosts have, and asks for more than its policy allows.
const PANEL = `
<p id="host">no host</p><p id="theme"></p><p id="result">no result</p><p id="globals">no openai</p><p id="called"></p>
<button id="call">call</button>
<script>
  const show = (id, text) => { document.getElementById(id).textContent = text; };
  const waiting = new Map();
  let lastId = 0;
  const send = (message) => parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
  const ask = (method, params) => new Promise((resolve) => { waiting.set(++lastId, resolve); send({ id: lastId, method, params }); });
  const theme = (context) => context.theme && show('theme', context.theme);
  addEventListener('message', ({ data }) => {
    if (data.method === 'ui/notifications/tool-result') show('result', data.params.content[0].text);
    else if (data.method === 'ui/notifications/host-context-changed') theme(data.params);
    else if (!data.method) waiting.get(data.id)?.(data.result);
  });
  addEventListener('openai:set_globals', () => show('globals', 'openai ' + openai.theme));
  if (window.openai) show('globals', 'openai ' + openai.theme);
  document.getElementById('call').onclick = async () => {
    const result = window.openai
      ? await openai.callTool('show_plain', {})
      : await ask('tools/call', { name: 'show_plain', arguments: {} });
    show('called', 'called ' + result.content[0].text);
  };
  ask('ui/initialize', { protocolVersion: '2026-01-26', appInfo: { name: 'panel', version: '1' }, appCapabilities: {} }).then((result) => {
    show('host', result.hostInfo.name);
    theme(result.hostContext);
    send({ method: 'ui/notifications/initialized', params: {} });
  });
  fetch('https://panel.example.com/data').catch(() => {});
</script>`;

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
  panel: { uri: 'ui://fixture/panel', mimeType: APP, text: page(PANEL) },
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
