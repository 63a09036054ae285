// An MCP server's worth of transport: says what it was sent, streams events, echoes WebSocket messages.
// It is also the HTTP proxy of mcpr, because many systems do not resolve names below localhost.
// node origin.js            prints its port

import { createServer } from 'node:http';
import { connect } from 'node:net';
import { WebSocketServer } from 'ws';

/** @type {Set<import('node:http').ServerResponse>} streams whose second event is not sent yet */
const waiting = new Set();

/** @type {PromiseWithResolvers<Buffer>} what an upload began with, as soon as it is here */
const firstPiece = Promise.withResolvers();

const server = createServer((request, response) => {
  switch (request.url) {
    case '/headers':
      response.setHeader('content-type', 'application/json').end(JSON.stringify(request.headers));
      break;
    case '/events':
      response.setHeader('content-type', 'text/event-stream').write('data: first\n\n');
      waiting.add(response);
      response.on('close', () => waiting.delete(response));
      break;
    case '/second':
      for (const stream of waiting) stream.end('data: second\n\n');
      response.end();
      break;
    case '/upload':
      request.once('data', piece => firstPiece.resolve(piece)).on('end', () => response.end());
      break;
    case '/first-piece':
      firstPiece.promise.then(piece => response.end(piece));
      break;
    default:
      response.writeHead(404).end();
  }
});

new WebSocketServer({ server, path: '/socket' }).on('connection', socket => {
  socket.on('message', (message, isBinary) => socket.send(message, { binary: isBinary }));
});
server.on('connect', (request, client) => {
  const target = connect(Number(request.url.split(':')[1]), '127.0.0.1', () => {
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    client.pipe(target).pipe(client);
  });
  target.on('error', () => client.destroy());
  client.on('error', () => target.destroy());
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
