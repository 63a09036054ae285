// Runs the official MCP conformance suites against the fixture server, directly or through the tunnel.
//
//   tests/conformance/run --via direct|tunnel [--requirements 2025-11-25|2026-07-28|stable]...
//
// Prints one line per run on stdout: via, suite, passed, failed. Everything else goes to stderr.
// Without --requirements it runs every suite. With --via tunnel it runs each suite both ways and
// expects the same checks to pass. Exit code 1: a direct run fell below its floor, the tunnel made
// a difference, or something did not start, answer or end in time; 2: wrong usage.
// The tunnel runs need the release builds of the relay and the connector under artifacts/bin.

import { parseArgs } from 'node:util';
import { differences, summaryOf } from './checks.js';
import { startFixture } from './fixture.js';
import { probeHosts } from './host-probe.js';
import { collectChecks } from './suite-run.js';
import { SUITES, fallsBelowFloor } from './suites.js';
import { startTunnel } from './tunnel.js';

const WAYS = ['direct', 'tunnel'];
const USAGE = `usage: run --via ${WAYS.join('|')} [--requirements ${SUITES.map(suite => suite.requirements).join('|')}]...`;

/** @typedef {import('./suites.js').Suite} Suite */
/** @typedef {import('./checks.js').Checks} Checks */

/** @returns {{ throughTunnel: boolean, suites: Suite[] }} */
function readCommandLine() {
  const { values } = parseArgs({
    options: { via: { type: 'string' }, requirements: { type: 'string', multiple: true } },
  });
  const wanted = values.requirements ?? SUITES.map(suite => suite.requirements);
  const suites = SUITES.filter(suite => wanted.includes(suite.requirements));
  if (!WAYS.includes(values.via) || suites.length < new Set(wanted).size) throw new Error('unknown or missing value');
  return { throughTunnel: values.via === 'tunnel', suites };
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
 * @param {Checks} tunnelled
 * @returns {boolean}
 */
function passesTheSame(suite, direct, tunnelled) {
  const differing = differences(direct, tunnelled);
  for (const { check, left, right } of differing) console.error(`${suite.name}: ${check}: direct ${left}, tunnel ${right}`);
  return differing.length === 0;
}

/**
 * @param {Suite} suite
 * @param {string} publicUrl
 * @returns {Promise<Checks>}
 */
async function collectThroughTunnel(suite, publicUrl) {
  const checks = await collectChecks(suite, publicUrl, resources);
  return new Map([...checks, ...(await probeHosts(publicUrl, suite.protocolVersion))]);
}

async function runAll() {
  const fixture = await startFixture(resources);
  const tunnel = throughTunnel ? await startTunnel(fixture.url, resources) : undefined;
  /** @type {<T>(work: Promise<T>) => Promise<T>} */
  const whileAllRun = work => Promise.race([work, fixture.failure, ...(tunnel ? [tunnel.failure] : [])]);

  let isGood = true;
  for (const suite of suites) {
    const direct = await whileAllRun(collectChecks(suite, fixture.url, resources));
    print('direct', suite, direct);
    isGood = reachesFloor(suite, direct) && isGood;
    if (tunnel === undefined) continue;
    const tunnelled = await whileAllRun(collectThroughTunnel(suite, tunnel.url));
    print('tunnel', suite, tunnelled);
    isGood = passesTheSame(suite, direct, tunnelled) && isGood;
  }
  return isGood;
}

const { throughTunnel, suites } = readCommandLineOrExit();
const resources = new AsyncDisposableStack();
for (const [signal, exitCode] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  process.once(signal, () => resources.disposeAsync().finally(() => process.exit(exitCode)));
}

try {
  process.exitCode = (await runAll()) ? 0 : 1;
} catch (error) {
  if (!resources.disposed) console.error(`conformance: ${error.message}`);
  process.exitCode = 1;
} finally {
  await resources.disposeAsync();
}
