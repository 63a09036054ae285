import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerValue, paramHeaders, standardHeaders } from '../../proxy-core/Dashboard/Pages/web/app/studio/standardHeaders.js';

const schema = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    at: { type: 'object', properties: { dryRun: { type: 'boolean', 'x-mcp-header': 'Dry-Run' }, count: { type: 'integer', 'x-mcp-header': 'Count' } } },
    rest: { type: 'string' },
  },
};

test('a value that a header cannot hold is encoded', () => {
  assert.equal(headerValue('a b~!'), 'a b~!');
  assert.equal(headerValue(''), '');
  assert.equal(headerValue('é'), '=?base64?w6k=?=');
  assert.equal(headerValue(' a'), '=?base64?IGE=?=');
  assert.equal(headerValue('=?base64?w6k=?='), '=?base64?PT9iYXNlNjQ/dzZrPT89?=');
});

test('the message and the arguments that a schema names are repeated', () => {
  const { headers, fault } = paramHeaders(schema);
  const message = { method: 'tools/call', params: { name: 'route', arguments: { region: 'Zürich', at: { dryRun: false, count: 7 }, rest: 'x' } } };
  assert.equal(fault, null);
  assert.deepEqual(standardHeaders(message, headers), {
    'mcp-method': 'tools/call',
    'mcp-name': 'route',
    'mcp-param-Region': '=?base64?WsO8cmljaA==?=',
    'mcp-param-Dry-Run': 'false',
    'mcp-param-Count': '7',
  });
});

test('an argument that is not there has no header', () => {
  const { headers } = paramHeaders(schema);
  assert.deepEqual(standardHeaders({ method: 'tools/call', params: { name: 'route', arguments: { region: null } } }, headers), { 'mcp-method': 'tools/call', 'mcp-name': 'route' });
  assert.deepEqual(standardHeaders({ method: 'resources/read', params: { uri: 'ui://a' } }, []), { 'mcp-method': 'resources/read', 'mcp-name': 'ui://a' });
  assert.deepEqual(standardHeaders({ method: 'tools/list', params: { name: 'no' } }, headers), { 'mcp-method': 'tools/list' });
});

test('a schema that no header can follow is told of', () => {
  const faults = [
    { properties: { a: { type: 'number', 'x-mcp-header': 'A' } } },
    { properties: { a: { type: 'string', 'x-mcp-header': 'A B' } } },
    { properties: { a: { type: 'string', 'x-mcp-header': '' } } },
    { properties: { a: { type: 'string', 'x-mcp-header': 'A' }, b: { type: 'string', 'x-mcp-header': 'a' } } },
    { type: 'string', 'x-mcp-header': 'A' },
  ];
  for (const one of faults) assert.ok(paramHeaders(one).fault, JSON.stringify(one));
});
