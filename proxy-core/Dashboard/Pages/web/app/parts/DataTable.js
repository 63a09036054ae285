import { html, useMemo } from '../core/html.js';
import { pressable } from '../core/keys.js';
import { param, setParams } from '../core/location.js';

/**
 * @typedef {object} Column
 * @property {string} title
 * @property {(row: any) => any} show
 * @property {(row: any) => string | number | null | undefined} [sort] what it is ordered by
 * @property {string} [kind] class of its cells: right, wide, wrap
 */

/** @param {any} a @param {any} b */
const compare = (a, b) => (typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : a < b ? -1 : a > b ? 1 : 0);

/**
 * What is not known comes last, whichever way.
 * @param {any[]} rows @param {Column | undefined} column @param {boolean} isUp
 */
function ordered(rows, column, isUp) {
  const sort = column?.sort;
  if (!sort) return rows;
  const isKnown = (/** @type {any} */ value) => value !== null && value !== undefined;
  return rows.toSorted((a, b) => {
    const [left, right] = [sort(a), sort(b)];
    if (!isKnown(left) || !isKnown(right)) return Number(isKnown(right)) - Number(isKnown(left));
    return isUp ? compare(left, right) : compare(right, left);
  });
}

/** @param {{ column: Column, order: string }} props */
function Head({ column, order }) {
  if (!column.sort) return html`<th class=${column.kind} scope="col">${column.title}</th>`;
  const isThis = order.replace(/^-/, '') === column.title;
  const isDown = isThis && order.startsWith('-');
  const next = isDown ? column.title : `-${column.title}`;
  return html`
    <th class=${column.kind} scope="col" aria-sort=${isThis ? (isDown ? 'descending' : 'ascending') : undefined}>
      <button type="button" onClick=${() => setParams({ sort: next })}>${column.title}${isThis ? (isDown ? ' ↓' : ' ↑') : ''}</button>
    </th>
  `;
}

/**
 * Rows to walk through. What is open is in the URL, and what the order is.
 * @param {{ label: string, columns: Column[], rows: any[], keyOf: (row: any) => string, isOpen?: (row: any) => boolean,
 *   onOpen?: (row: any) => void, isDim?: (row: any) => boolean }} props
 */
export function DataTable({ label, columns, rows, keyOf, isOpen, onOpen, isDim }) {
  const order = param('sort');
  const shown = useMemo(
    () => ordered(rows, columns.find((column) => column.title === order.replace(/^-/, '')), !order.startsWith('-')),
    [rows, order],
  );
  return html`
    <div class="table-box">
      <table class="table" aria-label=${label}>
        <thead>
          <tr>${columns.map((column) => html`<${Head} key=${column.title} column=${column} order=${order} />`)}</tr>
        </thead>
        <tbody>
          ${shown.map(
            (row) => html`
              <tr
                key=${keyOf(row)}
                class=${isDim?.(row) ? 'dim' : ''}
                aria-selected=${isOpen ? isOpen(row) : undefined}
                ...${onOpen ? pressable(() => onOpen(row)) : {}}
              >
                ${columns.map((column) => html`<td key=${column.title} class=${column.kind}>${column.show(row)}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}
