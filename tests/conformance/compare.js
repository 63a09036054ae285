import { setTimeout as delay } from 'node:timers/promises';
import { summaryOf } from './checks.js';
import { bridgesTo, installPeers } from './peers.js';
import { alive, megabytesOf, treeOf } from './process-tree.js';
import { collectChecks } from './suite-run.js';

const SESSIONS = 20;

/** How long a process may take to end when it is told to. */
const END_MS = 6_000;

const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'compare', version: '1' } },
};

/**
 * Runs the suites against every bridge, counts what sessions leave behind, and prints one table.
 * @param {import('./suites.js').Suite[]} suites
 * @param {string} [era] the only one that the program speaks
 */
export async function compareBridges(suites, era) {
  const columns = [
    'bridge',
    ...suites.map(suite => suite.name),
    `processes for ${SESSIONS} sessions`,
    'left after DELETE',
    'left after kill -9 of the bridge',
    'MB per session',
  ];
  console.log(`| ${columns.join(' | ')} |\n|${columns.map(() => '---|').join('')}`);
  for (const bridge of bridgesTo(era ? ['--era', era] : [])) {
    await using resources = new AsyncDisposableStack();
    await installPeers(resources);
    const checks = [];
    for (const suite of suites) checks.push(await checksOf(bridge, suite));
    const left = await leftBehind(await bridge.start(resources));
    console.log(`| ${[bridge.name, ...checks, left.processes, left.afterDelete, left.afterKill, left.megabytes].join(' | ')} |`);
  }
}

/**
 * Each suite gets a bridge of its own: the sessions of one would be in the way of the next.
 * @param {ReturnType<typeof bridgesTo>[number]} bridge
 * @param {import('./suites.js').Suite} suite
 */
async function checksOf(bridge, suite) {
  await using resources = new AsyncDisposableStack();
  const target = await bridge.start(resources);
  try {
    const { passed, failed } = summaryOf(await Promise.race([collectChecks(suite, target.url, resources), target.failure]));
    return `${passed} passed, ${failed} failed`;
  } catch (error) {
    console.error(`${bridge.name}, ${suite.name}: ${error.message}`);
    return 'broke down';
  }
}

/** @param {import('./child.js').Target & { pid: number, kill: () => Promise<void> }} target */
async function leftBehind(target) {
  await end(target.url, await begin(target.url));
  await delay(END_MS);
  const before = treeOf(target.pid);
  const megabytesBefore = megabytesOf(before);

  const sessions = await beginAll(target.url);
  const during = treeOf(target.pid);
  const megabytes = (megabytesOf(during) - megabytesBefore) / SESSIONS;
  await Promise.all(sessions.map(session => end(target.url, session)));
  await delay(END_MS);
  const afterDelete = alive(during).length - before.length;

  await beginAll(target.url);
  const all = treeOf(target.pid);
  target.failure.catch(() => {}); // it is meant to end
  await target.kill();
  await delay(END_MS);
  return { processes: during.length - before.length, afterDelete: Math.max(0, afterDelete), afterKill: alive(all).length, megabytes: megabytes.toFixed(1) };
}

/** @param {string} url */
const beginAll = url => Promise.all(Array.from({ length: SESSIONS }, () => begin(url)));

/**
 * @param {string} url
 * @returns {Promise<string | null>} the session
 */
async function begin(url) {
  const response = await fetch(url, { method: 'POST', headers: HEADERS, body: JSON.stringify(INITIALIZE) });
  await response.text();
  const session = response.headers.get('mcp-session-id');
  await post(url, session, { jsonrpc: '2.0', method: 'notifications/initialized' });
  await post(url, session, { jsonrpc: '2.0', id: 2, method: 'tools/list' });
  return session;
}

/**
 * @param {string} url
 * @param {string | null} session
 * @param {object} message
 */
async function post(url, session, message) {
  const response = await fetch(url, { method: 'POST', headers: { ...HEADERS, ...sessionHeader(session) }, body: JSON.stringify(message) });
  await response.text();
}

/**
 * @param {string} url
 * @param {string | null} session
 */
async function end(url, session) {
  const response = await fetch(url, { method: 'DELETE', headers: sessionHeader(session) });
  await response.text();
}

/** @param {string | null} session */
const sessionHeader = session => (session ? { 'Mcp-Session-Id': session } : {});
