import { inputRequired, inputResponse } from '@modelcontextprotocol/server';
import { textResult } from './results.js';

/** @param {import('@modelcontextprotocol/server').McpServer} server */
export function registerCapabilityTools(server) {
  server.registerTool('test_missing_capability', { description: 'Works only with clients that can sample' }, context => {
    const answer = inputResponse(context.mcpReq.inputResponses, 'completion');
    if (answer.kind === 'sampling') return textResult('The client can sample');
    const request = { messages: [{ role: 'user', content: { type: 'text', text: 'Say anything' } }], maxTokens: 10 };
    return inputRequired({ inputRequests: { completion: inputRequired.createMessage(request) } });
  });
}
