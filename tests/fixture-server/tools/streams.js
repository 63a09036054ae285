import { setTimeout as delay } from 'node:timers/promises';
import { textResult } from './results.js';

/** Long enough that the client has seen its stream end before the result exists. */
const RESULT_AFTER_STREAM_END_MS = 100;

/** @typedef {import('@modelcontextprotocol/server').ServerContext} ServerContext */

/**
 * @param {ServerContext} context
 * @param {number} progress out of 100
 */
async function reportProgress(context, progress) {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  await context.mcpReq.notify({
    method: 'notifications/progress',
    params: { progressToken, progress, total: 100, message: `${progress} of 100 steps done` },
  });
}

/** @param {import('@modelcontextprotocol/server').McpServer} server */
export function registerStreamTools(server) {
  server.registerTool(
    'test_tool_with_logging',
    { description: 'Sends three log messages before its result' },
    async context => {
      for (const stage of ['started', 'processing data', 'completed']) {
        await context.mcpReq.log('info', `Tool execution ${stage}`);
      }
      return textResult('Logged three messages');
    },
  );

  server.registerTool(
    'test_tool_with_progress',
    { description: 'Reports progress 0, 50 and 100 before its result' },
    async context => {
      for (const progress of [0, 50, 100]) await reportProgress(context, progress);
      return textResult('Reported progress three times');
    },
  );

  server.registerTool(
    'test_reconnection',
    { description: 'Ends its own response stream; the result waits for a resuming client' },
    async context => {
      context.http?.closeSSE?.();
      await delay(RESULT_AFTER_STREAM_END_MS);
      return textResult('The client resumed the stream that was ended early');
    },
  );

  server.registerTool(
    'test_streaming_elicitation',
    { description: 'Answers with notifications and a result, never with a request of its own' },
    async context => {
      await reportProgress(context, 50);
      return textResult('Half of the progress was reported, if it was wanted');
    },
  );

  server.registerTool(
    'test_logging_tool',
    { description: 'Sends one log message, which only a request that asks for a log level receives' },
    async context => {
      await context.mcpReq.log('info', 'The request asked for logs');
      return textResult('Offered one log message');
    },
  );
}
