// Uses origin.js under a public URL, through whatever stands in front of the relay, and fails where that makes a difference.
// node visitor.js https://NAME.tunnel.localhost:PORT

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:https';
import { WebSocket } from 'ws';

const LIMIT_MS = 10_000;
const origin = new URL(process.argv[2]);
const limit = AbortSignal.timeout(LIMIT_MS);

/**
 * @param {string} path
 * @param {import('node:https').RequestOptions} [options]
 */
function call(path, options) {
  return request(new URL(path, origin), { agent: false, signal: limit, ...options });
}

/** @param {import('node:http').ClientRequest} sent */
async function answerTo(sent) {
  const [response] = await once(sent, 'response', { signal: limit });
  assert.equal(response.statusCode, 200);
  return response.setEncoding('utf8');
}

async function tellsWhoCalls() {
  const response = await answerTo(call('/headers', { headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'ftp' } }).end());
  const seen = JSON.parse((await response.toArray()).join(''));
  assert.equal(seen['x-forwarded-for'], '127.0.0.1');
  assert.equal(seen['x-forwarded-proto'], 'https');
  assert.equal(seen['x-forwarded-host'], origin.host);
}

async function streamsEvents() {
  const events = (await answerTo(call('/events').end()))[Symbol.asyncIterator]();
  assert.match((await events.next()).value, /first/);
  (await answerTo(call('/second').end())).resume();
  assert.match((await events.next()).value, /second/);
}

async function streamsUploads() {
  const upload = call('/upload', { method: 'PUT' });
  const uploaded = answerTo(upload);
  upload.write('first');
  const response = await answerTo(call('/first-piece').end());
  assert.equal((await response.toArray()).join(''), 'first');
  upload.end('second');
  (await uploaded).resume();
}

async function carriesWebSockets() {
  const socket = new WebSocket(new URL('/socket', origin.href.replace('https:', 'wss:')));
  await once(socket, 'open', { signal: limit });
  socket.send('hello');
  const [message] = await once(socket, 'message', { signal: limit });
  assert.equal(message.toString(), 'hello');
  socket.close(4001);
  assert.equal((await once(socket, 'close', { signal: limit }))[0], 4001);
}

for (const check of [tellsWhoCalls, streamsEvents, streamsUploads, carriesWebSockets]) await check();
