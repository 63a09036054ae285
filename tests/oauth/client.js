// Gets a token and calls a tool, as a person with a browser would: node client.js v1|v2 URL. Tells as JSON what happened.
import { CallbackReceiver } from './callback.js';

const SDKS = {
  v1: async () => ({
    ...(await import('@modelcontextprotocol/sdk/client/index.js')),
    ...(await import('@modelcontextprotocol/sdk/client/streamableHttp.js')),
  }),
  v2: () => import('@modelcontextprotocol/client'),
};

const [version, url] = process.argv.slice(2);
const { Client, StreamableHTTPClientTransport } = await SDKS[version]();
const receiver = new CallbackReceiver();
const asked = [];
const options = {
  authProvider: receiver.provider,
  fetch: (resource, init) => {
    asked.push(new URL(resource).origin + new URL(resource).pathname);
    return fetch(resource, init);
  },
};

const connect = async () => {
  const transport = new StreamableHTTPClientTransport(new URL(url), options);
  const client = new Client({ name: 'oauth-client', version: '1.0.0' });
  try {
    await client.connect(transport);
    return client;
  } catch (error) {
    if (!receiver.answer) throw error;
    await transport.finishAuth(version === 'v1' ? receiver.answer.get('code') : receiver.answer);
    return undefined;
  }
};

const client = (await connect()) ?? (await connect());
const result = await client.callTool({ name: 'whoami', arguments: {} });
await client.close();
console.log(JSON.stringify({ resource: result.content[0].text, iss: receiver.answer.get('iss'), pages: receiver.pages, asked }));
