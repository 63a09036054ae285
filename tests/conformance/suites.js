/**
 * @typedef {object} Suite
 * @property {string} requirements what --requirements calls it
 * @property {string} name what the output calls it
 * @property {string} entry the program, below node_modules
 * @property {string[]} args
 * @property {string} protocolVersion what its clients speak
 * @property {{ passed: number, failed: number }} floor what a direct run reaches at least
 */

const STABLE_ENTRY = '@modelcontextprotocol/conformance/dist/index.js';
const NEXT_ENTRY = 'conformance-next/dist/index.js';

/** @type {Suite[]} */
export const SUITES = [
  {
    requirements: 'stable',
    name: '0.1.16',
    entry: STABLE_ENTRY,
    args: [],
    protocolVersion: '2025-11-25',
    floor: { passed: 40, failed: 0 },
  },
  {
    requirements: '2025-11-25',
    name: '2025-11-25',
    entry: NEXT_ENTRY,
    args: ['--requirements', '2025-11-25'],
    protocolVersion: '2025-11-25',
    floor: { passed: 84, failed: 0 },
  },
  {
    requirements: '2026-07-28',
    name: '2026-07-28',
    entry: NEXT_ENTRY,
    args: ['--requirements', '2026-07-28'],
    protocolVersion: '2026-07-28',
    floor: { passed: 194, failed: 1 },
  },
];

/**
 * @param {Suite} suite
 * @param {{ passed: number, failed: number }} summary
 */
export function fallsBelowFloor({ floor }, { passed, failed }) {
  return passed < floor.passed || failed > floor.failed;
}
