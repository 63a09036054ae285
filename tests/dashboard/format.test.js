import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago, bytes, change, count, duration, factor, percent, step } from '../../proxy-core/Dashboard/Pages/web/app/core/format.js';

const cases = (name, show, pairs) => test(name, () => pairs.forEach(([value, text]) => assert.equal(show(value), text, `${value}`)));

cases('durations have the unit that fits', duration, [
  [0, '0.0 ms'],
  [0.0004, '1 µs'],
  [0.04, '40 µs'],
  [0.1, '0.1 ms'],
  [7.94, '7.9 ms'],
  [9.96, '10 ms'],
  [999.4, '999 ms'],
  [999.6, '1.00 s'],
  [59_990, '60.0 s'],
  [60_000, '1m 00s'],
  [761_000, '12m 41s'],
  [11_100_000, '3h 05m'],
  [90_000_000, '1d 1h'],
  [null, '–'],
]);

cases('sizes are binary', bytes, [[0, '0 B'], [1023, '1023 B'], [1024, '1.0 KB'], [10_240, '10 KB'], [1_048_575, '1.0 MB'], [undefined, '–']]);

cases('rates are told from none', percent, [[0, '0%'], [0.0004, '<0.1%'], [0.0139, '1.4%'], [0.5, '50%'], [1, '100%'], [null, '–']]);

cases('factors', factor, [[3.04, '3.0×'], [18.3, '18×'], [null, '–']]);

cases('steps are called by their unit', step, [[60, 'minute'], [300, '5 minutes'], [90, '90 s'], [3600, 'hour'], [7200, '2 hours'], [86_400, 'day']]);

cases('counts', count, [[1234567, '1,234,567'], [null, '–']]);

test('a figure is compared with the one before', () => {
  assert.equal(change(110, 100), '+10%');
  assert.equal(change(99, 100), '−1.0%');
  assert.equal(change(100, 100), '±0%');
  assert.equal(change(5, 0), null);
  assert.equal(change(null, 5), null);
});

test('times ago', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  assert.equal(ago('2026-11-21T11:59:58Z', now), 'now');
  assert.equal(ago('2026-11-21T11:58:30Z', now), '1m ago');
  assert.equal(ago('2026-11-19T11:00:00Z', now), '2d ago');
  assert.equal(ago(null, now), 'never');
});
