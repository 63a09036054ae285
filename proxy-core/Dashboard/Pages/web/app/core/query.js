// What the API is asked with, from what is in the URL.

import { param, paramList, params } from './location.js';

const RANGE = ['since', 'until'];
const FILTERS = ['server', 'tool', 'client'];

/**
 * The range and the filters of the URL.
 * @param {{ names?: string[], more?: Record<string, string | string[] | undefined> }} options further parameters of the URL, and values
 */
export function queryOf({ names = [], more = {} } = {}) {
  const query = new URLSearchParams();
  for (const name of [...RANGE, ...FILTERS, ...names]) for (const value of params.value.getAll(name)) query.append(name, value);
  for (const [name, value] of Object.entries(more)) for (const one of [value].flat()) if (one) query.append(name, one);
  return query;
}

/** @param {string[]} names */
export const isFiltered = (names) => names.some((name) => paramList(name).length > 0);

export const isRangeFixed = () => param('until') !== '' || param('since').includes('T');
