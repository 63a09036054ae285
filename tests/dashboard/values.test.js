import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choicesOf, complaintOf, initialValue, kindOf, resolve } from '../../proxy-core/Dashboard/Pages/web/app/studio/schema/values.js';

test('a schema has the field that fits it', () => {
  const kinds = [
    [{ type: 'string' }, 'text'],
    [{ type: ['string', 'null'] }, 'text'],
    [{ type: 'integer' }, 'number'],
    [{ type: 'boolean' }, 'boolean'],
    [{ enum: ['a', 'b'] }, 'choice'],
    [{ const: 1 }, 'choice'],
    [{ oneOf: [{ const: 'a', title: 'A' }] }, 'choice'],
    [{ oneOf: [{ type: 'string' }, { type: 'number' }] }, 'raw'],
    [{ type: 'object', properties: {} }, 'object'],
    [{ properties: { a: {} } }, 'object'],
    [{ type: 'object' }, 'raw'],
    [{ type: 'array', items: { type: 'string' } }, 'list'],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, 'choices'],
    [{ type: 'array', items: { anyOf: [{ const: 'a', title: 'A' }] } }, 'choices'],
    [{ type: 'array', items: [{}, {}] }, 'raw'],
    [{ type: ['string', 'number'] }, 'raw'],
    [{}, 'raw'],
  ];
  for (const [schema, kind] of kinds) assert.equal(kindOf(schema), kind, JSON.stringify(schema));
});

test('choices have their titles', () => {
  assert.deepEqual(choicesOf({ oneOf: [{ const: 'a', title: 'First' }, { const: 'b' }] }), [['a', 'First'], ['b', 'b']]);
  assert.deepEqual(choicesOf({ enum: [1, 2], enumNames: ['one'] }), [[1, 'one'], [2, '2']]);
});

test('a form begins with what has to be there and with defaults', () => {
  const schema = {
    type: 'object',
    required: ['city', 'where', 'unit'],
    properties: { city: { type: 'string' }, days: { type: 'integer', default: 3 }, unit: { enum: ['c', 'f'] }, note: { type: 'string' }, where: { type: 'object', required: ['deep'], properties: { deep: { type: 'boolean' } } } },
  };
  assert.deepEqual(initialValue(schema, schema), { city: '', days: 3, unit: 'c', where: { deep: false } });
});

test('references are followed, also those that lead in circles', () => {
  const root = { $defs: { 'a/b': { type: 'string' }, node: { type: 'object', required: ['next'], properties: { next: { $ref: '#/$defs/node' } } } }, $ref: '#/$defs/node' };
  assert.equal(resolve({ $ref: '#/$defs/a~1b', title: 't' }, root).type, 'string');
  assert.equal(resolve({ $ref: '#/$defs/a~1b', title: 't' }, root).title, 't');
  assert.deepEqual(resolve({ $ref: 'https://example.com/s' }, root), {});
  assert.ok(initialValue({ $ref: '#/$defs/node' }, root));
});

test('what is missing is told by its name', () => {
  const schema = { type: 'object', required: ['n'], properties: { n: { type: 'number' }, o: { type: 'object', required: ['p'], properties: { p: {} } } } };
  assert.equal(complaintOf({}, schema, schema), 'n is needed');
  assert.equal(complaintOf({ n: 1, o: {} }, schema, schema), 'o: p is needed');
  assert.equal(complaintOf({ n: 1 }, schema, schema), null);
});
