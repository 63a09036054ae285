import { acceptedContent, inputRequired, inputResponse } from '@modelcontextprotocol/server';
import { requestStates } from '../request-states.js';
import { textResult } from './results.js';

/**
 * @param {string} message
 * @param {string} field
 * @param {'string' | 'boolean'} [type]
 */
export function askFor(message, field, type = 'string') {
  return inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [field]: { type } }, required: [field] },
  });
}

/**
 * @param {string} text
 * @param {number} maxTokens
 */
function askModel(text, maxTokens) {
  return inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens });
}

/** @typedef {(context: import('@modelcontextprotocol/server').ServerContext, server: import('@modelcontextprotocol/server').McpServer) => any} Handler */

/** @type {Handler} */
function greetByName(context) {
  const answer = acceptedContent(context.mcpReq.inputResponses, 'user_name');
  if (!answer) return inputRequired({ inputRequests: { user_name: askFor('What is your name?', 'name') } });
  return textResult(`Hello, ${answer.name}!`);
}

/** @type {Handler} */
function nameTheCapital(context) {
  const answer = inputResponse(context.mcpReq.inputResponses, 'capital_question');
  if (answer.kind === 'sampling') return textResult(`The model says: ${answer.result.content.text}`);
  return inputRequired({ inputRequests: { capital_question: askModel('What is the capital of France?', 100) } });
}

/** @type {Handler} */
function listRoots(context) {
  const answer = inputResponse(context.mcpReq.inputResponses, 'client_roots');
  if (answer.kind === 'roots') return textResult(`Roots: ${answer.roots.map(root => root.uri).join(', ')}`);
  return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
}

/**
 * @param {string} kind what the signed state has to say for the confirmation to count
 * @param {string} confirmation
 * @returns {Handler}
 */
function confirmWithState(kind, confirmation) {
  return async context => {
    const answer = acceptedContent(context.mcpReq.inputResponses, 'confirm');
    if (answer?.ok === true && context.mcpReq.requestState()?.kind === kind) return textResult(confirmation);
    return inputRequired({
      inputRequests: { confirm: askFor('Please confirm', 'ok', 'boolean') },
      requestState: await requestStates.mint({ kind }),
    });
  };
}

/** @type {Handler} */
async function askThreeThings(context) {
  const responses = context.mcpReq.inputResponses;
  const name = acceptedContent(responses, 'user_name')?.name;
  const greeting = inputResponse(responses, 'greeting');
  const roots = inputResponse(responses, 'client_roots');
  const isFollowUp = context.mcpReq.requestState()?.kind === 'three-things';
  if (isFollowUp && name !== undefined && greeting.kind === 'sampling' && roots.kind === 'roots') {
    return textResult(`${greeting.result.content.text} ${name}, with ${roots.roots.length} roots`);
  }
  return inputRequired({
    inputRequests: {
      user_name: askFor('What is your name?', 'name'),
      greeting: askModel('Write a short greeting', 50),
      client_roots: inputRequired.listRoots(),
    },
    requestState: await requestStates.mint({ kind: 'three-things' }),
  });
}

/** @type {Handler} */
async function askInTwoRounds(context) {
  const responses = context.mcpReq.inputResponses;
  const state = context.mcpReq.requestState();
  const color = acceptedContent(responses, 'step2')?.color;
  if (state?.name !== undefined && color !== undefined) return textResult(`${state.name} likes ${color}`);

  const name = state?.name ?? acceptedContent(responses, 'step1')?.name;
  if (state === undefined || name === undefined) {
    return inputRequired({
      inputRequests: { step1: askFor('Step 1: What is your name?', 'name') },
      requestState: await requestStates.mint({ round: 1 }),
    });
  }
  return inputRequired({
    inputRequests: { step2: askFor('Step 2: What is your favorite color?', 'color') },
    requestState: await requestStates.mint({ round: 2, name }),
  });
}

/** @type {Handler} */
function askOnlyWhatTheClientCan(context, server) {
  const answered = Object.keys(context.mcpReq.inputResponses ?? {});
  if (answered.length > 0) return textResult(`Answered: ${answered.join(', ')}`);

  const capabilities = context.mcpReq.envelope?.['io.modelcontextprotocol/clientCapabilities'] ?? server.server.getClientCapabilities() ?? {};
  const inputRequests = {
    ...(capabilities.elicitation && { elicit_input: askFor('Please enter a value', 'value') }),
    ...(capabilities.sampling && { sample_input: askModel('Please write a sentence', 50) }),
  };
  if (Object.keys(inputRequests).length === 0) return textResult('The client can answer nothing');
  return inputRequired({ inputRequests });
}

/** @type {Record<string, { description: string, handle: Handler }>} */
const TOOLS = {
  test_input_required_result_elicitation: { description: 'Needs a name from the person', handle: greetByName },
  test_input_required_result_sampling: { description: 'Needs an answer from the model', handle: nameTheCapital },
  test_input_required_result_list_roots: { description: 'Needs the roots of the client', handle: listRoots },
  test_input_required_result_request_state: {
    description: 'Needs a confirmation together with the state it handed out',
    handle: confirmWithState('confirmation', 'state-ok: the state came back intact'),
  },
  test_input_required_result_tampered_state: {
    description: 'Refuses a state whose signature does not fit',
    handle: confirmWithState('signed-confirmation', 'integrity-ok: the signature of the state fits'),
  },
  test_input_required_result_multiple_inputs: { description: 'Needs a name, a greeting and the roots at once', handle: askThreeThings },
  test_input_required_result_multi_round: { description: 'Needs a name and then a color', handle: askInTwoRounds },
  test_input_required_result_capabilities: { description: 'Asks only for what the client declared', handle: askOnlyWhatTheClientCan },
};

/** @param {import('@modelcontextprotocol/server').McpServer} server */
export function registerInputRequiredTools(server) {
  for (const [name, { description, handle }] of Object.entries(TOOLS)) {
    server.registerTool(name, { description }, context => handle(context, server));
  }
}
