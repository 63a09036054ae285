// An MCP server with OAuth. Its URL is the only line on stdout.
//   node main.js                               its own authorization server, which gives tokens for this server and nothing else
//   node main.js --for-all                     the same, with tokens for whatever a client asks for
//   node main.js --authorization-server URL    another one gives the tokens; this server knows itself by the name that callers use
import { parseArgs } from 'node:util';
import { listen } from './server.js';

const { values } = parseArgs({ options: { 'for-all': { type: 'boolean' }, 'authorization-server': { type: 'string' } } });
console.log(await listen({ forAll: values['for-all'], elsewhere: values['authorization-server'] }));
