import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerStream } from '../../proxy-core/Dashboard/Pages/web/app/studio/ServerStream.js';

// The page is looked at all the time.
Object.assign(globalThis, { document: Object.assign(new EventTarget(), { hidden: false }) });

/** @param {string} text @param {ResponseInit} [init] */
const once = (text, init) => {
  const open = async () => new Response(text, { headers: { 'content-type': 'text/event-stream' }, ...init });
  return new ServerStream(open, () => {}, () => {}).once({}, true);
};

test('a stream that was heard and has ended is opened again', async () => {
  assert.equal(await once('data: {"method":"notifications/tools/list_changed"}\n\n'), 'ended');
  assert.equal(await once(': here\n\n'), 'ended');
});

test('one that is closed before anything came has failed, so that there is an end to it', async () => {
  assert.equal(await once(''), 'failed');
});

test('a server that has none is not asked again, one in trouble is', async () => {
  assert.equal(await once('', { status: 405 }), 'none');
  assert.equal(await once('', { status: 503 }), 'failed');
});
