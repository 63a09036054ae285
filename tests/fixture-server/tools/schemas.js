import { fromJsonSchema } from '@modelcontextprotocol/server';
import { textResult } from './results.js';

/** Uses the keywords of JSON Schema 2020-12 that a server or a proxy could lose on the way. */
const CONTACT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

/** A modern client repeats these arguments in Mcp-Param-* headers; the SDK refuses contradictions. */
const ROUTED_SCHEMA = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    priority: { type: 'integer', 'x-mcp-header': 'Priority' },
    dryRun: { type: 'boolean', 'x-mcp-header': 'Dry-Run' },
  },
  required: ['region'],
};

/** @param {import('@modelcontextprotocol/server').McpServer} server */
export function registerSchemaTools(server) {
  server.registerTool(
    'json_schema_2020_12_tool',
    { description: 'Takes arguments described with JSON Schema 2020-12', inputSchema: fromJsonSchema(CONTACT_SCHEMA) },
    contact => textResult(`Received: ${JSON.stringify(contact)}`),
  );
  server.registerTool(
    'test_header_parameters',
    { description: 'Takes arguments that are repeated in headers', inputSchema: fromJsonSchema(ROUTED_SCHEMA) },
    route => textResult(`Received: ${JSON.stringify(route)}`),
  );
}
