// Everything that is looked at is in the URL: the page, the range, the filters and what is selected.
//
//   /requests?since=6h&tool=search&status=failed&open=019ab…

import { computed, signal } from '@preact/signals';

/** Parameters that go along from page to page. */
const SHARED = ['since', 'until', 'server', 'tool', 'client'];

const here = signal(new URL(location.href));

/** The first part of the path, `overview` for the bare one. */
export const page = computed(() => here.value.pathname.split('/')[1] || 'overview');

export const params = computed(() => here.value.searchParams);

/** @param {string} name */
export const param = (name) => params.value.get(name) ?? '';

/** @param {string} name */
export const paramList = (name) => params.value.getAll(name);

/** @typedef {Record<string, string | string[] | null | undefined>} Changes */

/**
 * The URL of a page with what goes along.
 * @param {string} name
 * @param {Changes} changes
 */
export function urlOf(name, changes = {}) {
  const url = new URL(name === 'overview' ? '/' : `/${name}`, location.origin);
  for (const key of SHARED) for (const value of paramList(key)) url.searchParams.append(key, value);
  return apply(url, changes);
}

/**
 * This page with other parameters.
 * @param {Changes} changes
 */
const urlWith = (changes) => apply(new URL(here.value), changes);

/**
 * @param {URL} url
 * @param {Changes} changes
 */
function apply(url, changes) {
  for (const [key, value] of Object.entries(changes)) {
    url.searchParams.delete(key);
    for (const one of Array.isArray(value) ? value : [value]) if (one) url.searchParams.append(key, one);
  }
  return url.pathname + url.search;
}

/** @param {string} url */
export function go(url) {
  if (url === here.value.pathname + here.value.search) return;
  history.pushState(null, '', url);
  here.value = new URL(location.href);
}

/**
 * Changes parameters of this page. What is typed replaces the entry, so that back leads to where one came from.
 * @param {Changes} changes
 * @param {{ replace?: boolean }} options
 */
export function setParams(changes, { replace = false } = {}) {
  const url = urlWith(changes);
  if (!replace) {
    go(url);
    return;
  }
  history.replaceState(null, '', url);
  here.value = new URL(location.href);
}

/** Lets links of ours be followed without loading the page again. */
export function followLinks() {
  window.addEventListener('popstate', () => {
    here.value = new URL(location.href);
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!(link instanceof HTMLAnchorElement) || !isPlain || event.defaultPrevented) return;
    if (link.origin !== location.origin || link.target || link.hasAttribute('download') || link.pathname.startsWith('/api/')) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
