import { inputRequired, inputResponse } from '@modelcontextprotocol/server';
import * as z from 'zod/v4';
import { textResult } from './results.js';

/**
 * These tools ask the client for something in the middle of a call. They are written once: a
 * modern client gets an input_required result and retries, and for a legacy client the SDK turns
 * the same answer into a server-to-client request.
 */

const FORM_WITH_DEFAULTS = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Full name', default: 'John Doe' },
    age: { type: 'integer', description: 'Age in years', default: 30 },
    score: { type: 'number', description: 'Score out of 100', default: 95.5 },
    status: { type: 'string', description: 'Account status', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', description: 'Whether the address is verified', default: true },
  },
  required: [],
};

const PLAIN_OPTIONS = ['option1', 'option2', 'option3'];

/** @param {string[]} titles */
function titledValues(titles) {
  return titles.map((title, index) => ({ const: `value${index + 1}`, title }));
}

const FORM_WITH_ENUMS = {
  type: 'object',
  properties: {
    untitledSingle: { type: 'string', description: 'One of three', enum: PLAIN_OPTIONS },
    titledSingle: {
      type: 'string',
      description: 'One of three, with titles',
      oneOf: titledValues(['First Option', 'Second Option', 'Third Option']),
    },
    legacyEnum: {
      type: 'string',
      description: 'One of three, with the deprecated enumNames',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: {
      type: 'array',
      description: 'Some of three',
      minItems: 1,
      maxItems: 3,
      items: { type: 'string', enum: PLAIN_OPTIONS },
    },
    titledMulti: {
      type: 'array',
      description: 'Some of three, with titles',
      minItems: 1,
      maxItems: 3,
      items: { anyOf: titledValues(['First Choice', 'Second Choice', 'Third Choice']) },
    },
  },
  required: [],
};

/**
 * Elicits a form once and then describes the answer.
 *
 * @param {import('@modelcontextprotocol/server').ServerContext} context
 * @param {string} message
 * @param {object} requestedSchema
 * @param {string} label
 */
function elicitAndDescribe(context, message, requestedSchema, label) {
  const answer = inputResponse(context.mcpReq.inputResponses, 'form');
  if (answer.kind !== 'elicit') {
    return inputRequired({ inputRequests: { form: inputRequired.elicit({ message, requestedSchema }) } });
  }
  return textResult(`${label}: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
}

/** @param {import('@modelcontextprotocol/server').McpServer} server */
export function registerClientRequestTools(server) {
  server.registerTool(
    'test_sampling',
    {
      description: 'Asks the model of the client to answer a prompt',
      inputSchema: z.object({ prompt: z.string().describe('What to ask the model') }),
    },
    ({ prompt }, context) => {
      const answer = inputResponse(context.mcpReq.inputResponses, 'completion');
      if (answer.kind !== 'sampling') {
        const request = { messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens: 100 };
        return inputRequired({ inputRequests: { completion: inputRequired.createMessage(request) } });
      }
      return textResult(`LLM response: ${answer.result.content.text}`);
    },
  );

  server.registerTool(
    'test_elicitation',
    {
      description: 'Asks the person at the client for one line of text',
      inputSchema: z.object({ message: z.string().describe('What to ask the person') }),
    },
    ({ message }, context) => {
      const oneLine = {
        type: 'object',
        properties: { response: { type: 'string', description: 'The answer' } },
        required: ['response'],
      };
      return elicitAndDescribe(context, message, oneLine, 'User response');
    },
  );

  server.registerTool(
    'test_elicitation_sep1034_defaults',
    { description: 'Elicits a form whose fields of every primitive type have defaults' },
    context => elicitAndDescribe(context, 'Please check the values of this form', FORM_WITH_DEFAULTS, 'Elicitation completed'),
  );

  server.registerTool(
    'test_elicitation_sep1330_enums',
    { description: 'Elicits a form with every variant of an enum field' },
    context => elicitAndDescribe(context, 'Please choose from the options of this form', FORM_WITH_ENUMS, 'Elicitation completed'),
  );
}
