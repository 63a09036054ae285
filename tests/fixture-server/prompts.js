import { acceptedContent, completable, inputRequired } from '@modelcontextprotocol/server';
import * as z from 'zod/v4';
import { PNG_PIXEL } from './samples.js';
import { askFor } from './tools/input-required.js';

const COMPLETIONS = ['paris', 'park', 'party'];

/** @param {...(string | object)} contents text, or any other content block */
function fromUser(...contents) {
  return {
    messages: contents.map(content => ({
      role: 'user',
      content: typeof content === 'string' ? { type: 'text', text: content } : content,
    })),
  };
}

/** @param {string} description */
function argumentWithCompletions(description) {
  return completable(z.string().describe(description), typed => COMPLETIONS.filter(value => value.startsWith(typed)));
}

/** @param {import('@modelcontextprotocol/server').McpServer} server */
export function registerPrompts(server) {
  server.registerPrompt('test_simple_prompt', { description: 'Takes no arguments' }, () =>
    fromUser('This is a simple prompt for testing.'),
  );

  server.registerPrompt(
    'test_prompt_with_arguments',
    {
      description: 'Repeats its two arguments',
      argsSchema: z.object({
        arg1: argumentWithCompletions('First test argument'),
        arg2: argumentWithCompletions('Second test argument'),
      }),
    },
    ({ arg1, arg2 }) => fromUser(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`),
  );

  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    {
      description: 'Embeds the resource that it is told to',
      argsSchema: z.object({ resourceUri: z.string().describe('URI of the resource to embed') }),
    },
    ({ resourceUri }) =>
      fromUser(
        {
          type: 'resource',
          resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
        },
        'Please process the embedded resource above.',
      ),
  );

  server.registerPrompt('test_prompt_with_image', { description: 'Shows an image' }, () =>
    fromUser({ type: 'image', data: PNG_PIXEL, mimeType: 'image/png' }, 'Please analyze the image above.'),
  );

  server.registerPrompt('test_input_required_result_prompt', { description: 'Needs a context from the person' }, context => {
    const answer = acceptedContent(context.mcpReq.inputResponses, 'user_context');
    if (answer) return fromUser(`Prompt with context: ${answer.context}`);
    return inputRequired({ inputRequests: { user_context: askFor('What context should the prompt use?', 'context') } });
  });
}
