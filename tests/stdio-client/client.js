// Drives a program over standard input and output, as applications do that start their servers, and tells as JSON what it saw.
//   node client.js v1|v2|modern TOOL ARGUMENTS PROGRAM ARGS...     v1, v2: the official SDKs; modern: v2 without initialize
const SDKS = {
  v1: async () => ({
    ...(await import('@modelcontextprotocol/sdk/client/index.js')),
    ...(await import('@modelcontextprotocol/sdk/client/stdio.js')),
    schemas: await import('@modelcontextprotocol/sdk/types.js'),
  }),
  v2: async () => ({ ...(await import('@modelcontextprotocol/client')), ...(await import('@modelcontextprotocol/client/stdio')) }),
};

const [version, tool, toolArguments, command, ...args] = process.argv.slice(2);
const isModern = version === 'modern';
const { Client, StdioClientTransport, schemas } = await SDKS[isModern ? 'v2' : version]();
const options = { capabilities: { elicitation: {}, sampling: {} }, ...(isModern && { versionNegotiation: { mode: 'auto' } }) };
const client = new Client({ name: 'stdio-client', version: '1.0.0' }, options);
let asked = 0;
const decline = () => {
  asked++;
  return { action: 'decline' };
};
client.setRequestHandler(schemas ? schemas.ElicitRequestSchema : 'elicitation/create', decline);

await client.connect(new StdioClientTransport({ command, args, env: { ...process.env }, stderr: 'inherit' }));
const { tools } = await client.listTools();
const call = { name: tool, arguments: JSON.parse(toolArguments) };
const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => client.callTool(call)));
const isSame = others.every(other => JSON.stringify(other.content) === JSON.stringify(first.content));
const era = client.getProtocolEra?.() ?? 'legacy';
await client.close();
console.log(JSON.stringify({ tools: tools.map(each => each.name), text: first.content[0].text, isSame, asked, era }));
