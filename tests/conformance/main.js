// Runs the official MCP conformance suites against the fixture server: directly, and through what is asked for.
//
//   tests/conformance/run [--via proxy|stdio|stdio-chain|stdio-legacy|stdio-modern|stdio-tunnel|tunnel]... [--requirements 2025-11-25|2026-07-28|stable]...
//   tests/conformance/run --peers [--era legacy|modern] [--requirements …]...     other bridges and ours in front of the same program, as one table
//
// Prints one line per run on stdout: way, suite, passed, failed. Everything else goes to stderr.
// Without --requirements it runs every suite. A way to the server over HTTP has to pass the same checks as the server
// itself. Over standard input and output the server cannot do everything that it can over HTTP, so the bridge has floors.
// Exit code 1: the server itself fell below its floor, a way made a difference, or something did not
// start, answer or end in time; 2: wrong usage.
// The ways need the release builds of the relay and the connector under artifacts/bin.

import { parseArgs } from 'node:util';
import { compareBridges } from './compare.js';
import { differences, summaryOf } from './checks.js';
import { startFixture } from './fixture.js';
import { probeHosts } from './host-probe.js';
import { startProxy } from './proxy.js';
import { collectChecks } from './suite-run.js';
import { STDIO_FLOORS, startChain, stdioTunnelWith, stdioWith } from './stdio.js';
import { SUITES, fallsBelowFloor } from './suites.js';
import { startTunnel } from './tunnel.js';

const WAYS = { proxy: startProxy, stdio: stdioWith(), 'stdio-legacy': stdioWith('--era', 'legacy'), 'stdio-modern': stdioWith('--era', 'modern'),
  'stdio-chain': startChain, 'stdio-tunnel': stdioTunnelWith(), tunnel: startTunnel };
const USAGE = `usage: run [--peers [--era legacy|modern]] [--via ${Object.keys(WAYS).join('|')}]... [--requirements ${SUITES.map(suite => suite.requirements).join('|')}]...`;

/** @typedef {import('./suites.js').Suite} Suite */
/** @typedef {import('./checks.js').Checks} Checks */

/** @typedef {{ name: string, target: import('./child.js').Target }} Way */

/** @returns {{ ways: string[], suites: Suite[], peers: boolean, era?: string }} */
function readCommandLine() {
  const { values } = parseArgs({
    options: { via: { type: 'string', multiple: true }, peers: { type: 'boolean' }, era: { type: 'string' }, requirements: { type: 'string', multiple: true } },
  });
  const wanted = values.requirements ?? SUITES.map(suite => suite.requirements);
  const suites = SUITES.filter(suite => wanted.includes(suite.requirements));
  const ways = [...new Set(values.via ?? [])];
  if (ways.some(way => !Object.hasOwn(WAYS, way)) || suites.length < new Set(wanted).size) throw new Error('unknown value');
  return { ways, suites, peers: values.peers ?? false, era: values.era };
}

/** @returns {ReturnType<typeof readCommandLine>} */
function readCommandLineOrExit() {
  try {
    return readCommandLine();
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

/**
 * @param {string} way
 * @param {Suite} suite
 * @param {Checks} checks
 */
function print(way, suite, checks) {
  const { passed, failed } = summaryOf(checks);
  console.log([way, suite.name, passed, failed].join(', '));
}

/**
 * @param {Suite} suite
 * @param {Checks} checks
 * @returns {boolean}
 */
function reachesFloor(suite, checks) {
  const summary = summaryOf(checks);
  if (!fallsBelowFloor(suite, summary)) return true;
  console.error(`${suite.name} is below its floor of ${suite.floor.passed} passed with ${suite.floor.failed} failed:`);
  for (const [check, status] of checks) if (status === 'FAILURE') console.error(`  ${check}`);
  return false;
}

/**
 * @param {Suite} suite
 * @param {Checks} direct
 * @param {string} way
 * @param {Checks} checks
 * @returns {boolean}
 */
function passesTheSame(suite, direct, way, checks) {
  const differing = differences(direct, checks);
  for (const { check, left, right } of differing) console.error(`${suite.name}, ${way}: ${check}: direct ${left}, ${way} ${right}`);
  return differing.length === 0;
}

/**
 * @param {Suite} suite
 * @param {string} url
 * @returns {Promise<Checks>}
 */
async function collectThrough(suite, url) {
  const checks = await collectChecks(suite, url, resources);
  return new Map([...checks, ...(await probeHosts(url, suite.protocolVersion))]);
}

async function runAll() {
  const fixture = await startFixture(resources);
  /** @type {Way[]} */
  const started = [];
  for (const name of ways) started.push({ name, target: await WAYS[name](fixture.url, resources) });
  /** @type {<T>(work: Promise<T>) => Promise<T>} */
  const whileAllRun = work => Promise.race([work, fixture.failure, ...started.map(way => way.target.failure)]);

  let isGood = true;
  for (const suite of suites) {
    const direct = await whileAllRun(collectChecks(suite, fixture.url, resources));
    print('direct', suite, direct);
    isGood = reachesFloor(suite, direct) && isGood;
    for (const { name, target } of started) {
      const checks = await whileAllRun(collectThrough(suite, target.url));
      print(name, suite, checks);
      const floor = STDIO_FLOORS[name]?.[suite.requirements];
      isGood = (floor ? reachesFloor({ ...suite, name: `${suite.name}, ${name}`, floor }, checks) : passesTheSame(suite, direct, name, checks)) && isGood;
    }
  }
  return isGood;
}

const { ways, suites, peers, era } = readCommandLineOrExit();
const resources = new AsyncDisposableStack();
for (const [signal, exitCode] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  process.once(signal, () => resources.disposeAsync().finally(() => process.exit(exitCode)));
}

try {
  if (peers) await compareBridges(suites, era);
  else process.exitCode = (await runAll()) ? 0 : 1;
} catch (error) {
  if (!resources.disposed) console.error(`conformance: ${error.message}`);
  process.exitCode = 1;
} finally {
  await resources.disposeAsync();
}
