import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventReader, readMessages } from '../../proxy-core/Dashboard/Pages/web/app/studio/eventStream.js';

/** @param {string[]} pieces */
function read(pieces) {
  const events = [];
  const take = eventReader((data) => events.push(data));
  pieces.forEach(take);
  return events;
}

test('an event that comes in pieces is whole', () => {
  assert.deepEqual(read(['da', 'ta: {"a"', ':1}\n', '\ndata: 2\n\n']), ['{"a":1}', '2']);
});

test('line ends of every kind end lines, also between pieces', () => {
  assert.deepEqual(read(['data: 1\r', '\n\r\n', 'data: 2\r\r', 'data: 3\n\n']), ['1', '2', '3']);
});

test('several data lines are one text, comments and events without data are none', () => {
  assert.deepEqual(read([': hi\n\nid: 7\n\ndata: a\ndata:b\nevent: message\n\n']), ['a\nb']);
});

test('an event that was not ended does not count', () => {
  assert.deepEqual(read(['data: 1\n\ndata: 2\n']), ['1']);
});

test('the place of the last whole event is known, also of one without data', () => {
  const place = {};
  const take = eventReader(() => {}, place);
  take('id: 1\nretry: 250\ndata:\n\nid: 2\n\nid: 3\ndata: half');
  assert.deepEqual(place, { id: '2', retry: 250 });
});

test('messages of a JSON answer, alone or in a batch', async () => {
  const messages = [];
  await readMessages(Response.json([{ id: 1 }, { id: 2 }]), (message) => messages.push(message.id));
  await readMessages(Response.json({ id: 3 }), (message) => messages.push(message.id));
  await readMessages(new Response('not json'), (message) => messages.push(message));
  assert.deepEqual(messages, [1, 2, 3]);
});

test('a batch is its messages, and what is no message is none', async () => {
  for (const [type, wrap] of [['application/json', (text) => text], ['text/event-stream', (text) => `data: ${text}\n\n`]]) {
    const heard = [];
    for (const text of ['[{"id":1},{"id":2}]', 'null', '7', '[null]', 'not JSON', '{"id":3}']) {
      await readMessages(new Response(wrap(text), { headers: { 'content-type': type } }), (message) => heard.push(message.id));
    }
    assert.deepEqual(heard, [1, 2, 3]);
  }
});
