import { MissingRequiredClientCapabilityError } from '@modelcontextprotocol/server';
import * as z from 'zod/v4';
import { taskById } from './task-store.js';

const EXTENSION_ID = 'io.modelcontextprotocol/tasks';

export const TASKS_CAPABILITY = { extensions: { [EXTENSION_ID]: {} } };

/** @typedef {import('@modelcontextprotocol/server').ServerContext} ServerContext */

/**
 * Whether this very request says that its client understands tasks.
 * @param {ServerContext} context
 */
export function understandsTasks(context) {
  const capabilities = context.mcpReq.envelope?.['io.modelcontextprotocol/clientCapabilities'];
  return capabilities?.extensions?.[EXTENSION_ID] !== undefined;
}

/** @param {ServerContext} context */
export function requireTasks(context) {
  if (understandsTasks(context)) return;
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: TASKS_CAPABILITY });
}

/**
 * Serves the methods of the tasks extension of the modern era.
 * @param {import('@modelcontextprotocol/server').McpServer} server
 */
export function registerTaskMethods({ server }) {
  const taskReference = z.looseObject({ taskId: z.string() });

  server.setRequestHandler('tasks/get', { params: taskReference }, ({ taskId }, context) => {
    requireTasks(context);
    return taskById(taskId).details();
  });
  server.setRequestHandler('tasks/cancel', { params: taskReference }, ({ taskId }, context) => {
    requireTasks(context);
    taskById(taskId).cancel();
    return {};
  });
  server.setRequestHandler('tasks/update', { params: taskReference }, ({ taskId }, context) => {
    requireTasks(context);
    taskById(taskId).answer(context.mcpReq.inputResponses ?? {});
    return {};
  });
}
