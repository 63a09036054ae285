import { readFileSync, readdirSync } from 'node:fs';

const KB_PER_MB = 1024;

/** @returns {Map<number, number>} the parent of every process */
function parents() {
  const found = new Map();
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number)) {
    const stat = read(`/proc/${pid}/stat`);
    // The name in parentheses may hold anything, parentheses too.
    if (stat) found.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  return found;
}

/**
 * @param {number} root
 * @returns {number[]} the process and everything that it started and that has not left its family
 */
export function treeOf(root) {
  const all = parents();
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of all) if (parent === pid) tree.push(child);
  return tree;
}

/** @param {number[]} pids */
export const alive = pids => pids.filter(pid => read(`/proc/${pid}/stat`) !== undefined && !isZombie(pid));

/**
 * Memory that would be free without these processes: what they share is divided among those who share it.
 * @param {number[]} pids
 */
export function megabytesOf(pids) {
  const kilobytes = pids.map(pid => Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0));
  return kilobytes.reduce((sum, each) => sum + each, 0) / KB_PER_MB;
}

/** @param {number} pid */
function isZombie(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat === undefined || stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // it ended meanwhile
  }
}
