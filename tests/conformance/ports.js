import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const START_LIMIT_MS = 30_000;
const PROBE_INTERVAL_MS = 100;

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** @param {number} port */
export async function becomeReachable(port) {
  const end = Date.now() + START_LIMIT_MS;
  while (!(await isReachable(port))) {
    if (Date.now() > end) throw new Error(`nobody listens on port ${port} after ${START_LIMIT_MS} ms`);
    await delay(PROBE_INTERVAL_MS);
  }
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isReachable(port) {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
