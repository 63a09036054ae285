// Every metric and label that the dashboard asks for is one that the relay has, and the panels fit. From the root of the repository:
// curl …/metrics | node dashboard.js

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const FILE = 'deploy/grafana/mcpr-relay.json';
const COLUMNS = 24;

/** What PromQL has of its own among what looks like names. */
const WORDS = new Set(['by', 'sum', 'max', 'min', 'rate', 'increase', 'histogram_quantile', 'le', 'label_values']);
/** Labels that Prometheus adds. */
const ADDED = new Set(['job', 'instance']);

/** @type {Map<string, Set<string>>} the labels of every metric */
const metrics = new Map();
for (const [, name, labels = ''] of (await text(process.stdin)).matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm)) {
  const known = metrics.get(name) ?? new Set();
  for (const [, label] of labels.matchAll(/([a-z_]+)="/g)) known.add(label);
  metrics.set(name, known);
}
assert.ok(metrics.size > 0, 'no metrics came');

/** @param {string} expression @param {string} told */
function check(expression, told) {
  const bare = expression.replaceAll(/"[^"]*"|\[[^\]]*\]/g, '');
  const names = [...bare.matchAll(/\b[a-z][a-z_]+\b(?=\s*\{)/g)].map(([name]) => name);
  assert.ok(names.length > 0, `${told}: ${expression}`);
  for (const name of names) assert.ok(metrics.has(name), `${told}: the relay has no ${name}`);

  const labels = new Set(names.flatMap(name => [...metrics.get(name)]));
  const asked = [...bare.matchAll(/\{([^}]*)\}|\bby \(([^)]*)\)/g)].flatMap(([, matchers, grouping]) => (matchers ?? grouping).match(/[a-z_]+/g) ?? []);
  for (const label of asked) assert.ok(ADDED.has(label) || labels.has(label), `${told}: ${names} has no ${label}`);
  for (const [word] of bare.replaceAll(/\{[^}]*\}|\bby \([^)]*\)/g, '').matchAll(/\b[a-z][a-z_]+\b/g)) {
    assert.ok(WORDS.has(word) || names.includes(word), `${told}: what is ${word}?`);
  }
}

const dashboard = JSON.parse(readFileSync(FILE, 'utf8'));
const taken = new Set();
assert.equal(new Set(dashboard.panels.map(panel => panel.id)).size, dashboard.panels.length, 'ids are not unique');
for (const { title, type, gridPos: { x, y, w, h }, targets } of dashboard.panels) {
  assert.ok(x + w <= COLUMNS, `${title}: too wide`);
  for (let row = y; row < y + h; row++) {
    for (let column = x; column < x + w; column++) {
      assert.ok(!taken.has(`${column} ${row}`), `${title}: there is another panel`);
      taken.add(`${column} ${row}`);
    }
  }
  if (type !== 'row') for (const { expr } of targets) check(expr, title);
}
for (const { name, type, query } of dashboard.templating.list) if (type === 'query') check(query.replace(/^label_values\((\w+).*$/, '$1{}'), name);
