import { setTimeout as delay } from 'node:timers/promises';
import { acceptedContent, inputRequired, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import * as z from 'zod/v4';
import { askFor } from '../tools/input-required.js';
import { textResult } from '../tools/results.js';
import { requireTasks, understandsTasks } from './extension.js';
import { startTask } from './task-store.js';

/**
 * Goes on as a task, which only clients that understand tasks can follow.
 *
 * @param {import('@modelcontextprotocol/server').ServerContext} context
 * @param {import('./task-store.js').Work} work
 */
function continueAsTask(context, work) {
  requireTasks(context);
  return { resultType: 'task', ...startTask(work).summary() };
}

/** @param {import('@modelcontextprotocol/server').McpServer} server */
export function registerTaskTools(server) {
  server.registerTool(
    'greet',
    { description: 'Greets at once, never as a task', inputSchema: z.object({ name: z.string() }) },
    ({ name }) => textResult(`Hello, ${name}!`),
  );

  server.registerTool(
    'slow_compute',
    {
      description: 'Takes its time, as a task for clients that understand tasks',
      inputSchema: z.object({ seconds: z.number().min(0).max(600), label: z.string().optional() }),
    },
    ({ seconds, label = 'computation' }, context) => {
      /** @param {AbortSignal} signal */
      const compute = async signal => {
        await delay(seconds * 1000, undefined, { signal });
        return textResult(`${label} took ${seconds} s`);
      };
      if (!understandsTasks(context)) return compute(context.mcpReq.signal);
      return continueAsTask(context, task => compute(task.signal));
    },
  );

  server.registerTool('failing_job', { description: 'A task whose result is a tool error' }, context =>
    continueAsTask(context, async () => ({ ...textResult('The job failed'), isError: true })),
  );

  server.registerTool('protocol_error_job', { description: 'A task that ends with a protocol error' }, context =>
    continueAsTask(context, async () => {
      throw new ProtocolError(ProtocolErrorCode.InternalError, 'The job broke down');
    }),
  );

  server.registerTool(
    'confirm_delete',
    { description: 'A task that waits for a confirmation', inputSchema: z.object({ filename: z.string() }) },
    ({ filename }, context) =>
      continueAsTask(context, async task => {
        const answers = await task.ask({ confirmation: askFor(`Delete ${filename}?`, 'confirm', 'boolean') });
        const isConfirmed = acceptedContent(answers, 'confirmation')?.confirm === true;
        return textResult(isConfirmed ? `Deleted ${filename}` : `Kept ${filename}`);
      }),
  );

  server.registerTool('multi_input', { description: 'A task that waits for two answers at once' }, context =>
    continueAsTask(context, async task => {
      const answers = await task.ask({
        first: askFor('Who is first?', 'name'),
        second: askFor('Who is second?', 'name'),
      });
      const nameOf = key => acceptedContent(answers, key)?.name;
      return textResult(`${nameOf('first')}, then ${nameOf('second')}`);
    }),
  );

  server.registerTool('test_tool_with_task', { description: 'Asks for a name first and then becomes a task' }, context => {
    const answer = acceptedContent(context.mcpReq.inputResponses, 'user_name');
    if (!answer) return inputRequired({ inputRequests: { user_name: askFor('What is your name?', 'name') } });
    return continueAsTask(context, async () => textResult(`Hello, ${answer.name}!`));
  });
}
