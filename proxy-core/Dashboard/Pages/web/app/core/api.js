// Questions to the dashboard's API.

const ROOT = '/api/v1/';

/** A POST with it can only come from our own pages. */
export const OWN_HEADER = Object.freeze({ 'mcpr-dashboard': '1' });

export class ApiProblem extends Error {
  /**
   * @param {number} status 0 where there was no answer
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * @param {string} path
 * @param {URLSearchParams | string} query
 */
export function apiUrl(path, query = '') {
  const text = query.toString();
  return text ? `${ROOT}${path}?${text}` : ROOT + path;
}

/**
 * @param {string} url
 * @param {RequestInit} init
 */
async function send(url, init) {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiProblem(0, 'mcpr does not answer. Is it still running?');
  }
}

/** @param {Response} response */
async function problemOf(response) {
  const login = response.headers.get('mcpr-login');
  if (login) location.assign(`${login}?next=${encodeURIComponent(location.pathname + location.search)}`);
  if (response.status === 401) return new ApiProblem(401, 'This browser is not signed in, or mcpr was started anew. Open the URL that mcpr has printed.');
  const body = await response.json().catch(() => null);
  return new ApiProblem(response.status, body?.error?.message ?? `The dashboard answered ${response.status}.`);
}

/**
 * @param {string} path
 * @param {URLSearchParams | string} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function getJson(path, query, signal) {
  const response = await send(apiUrl(path, query), { signal });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

/**
 * @param {string} path
 * @returns {Promise<string>}
 */
export async function getText(path) {
  const response = await send(apiUrl(path), {});
  if (!response.ok) throw await problemOf(response);
  return response.text();
}

/** @param {string} path */
export async function remove(path) {
  const response = await send(apiUrl(path), { method: 'DELETE', headers: OWN_HEADER });
  if (!response.ok) throw await problemOf(response);
}

/**
 * @param {string} path
 * @param {object} body
 * @returns {Promise<any>}
 */
export async function postJson(path, body) {
  const response = await send(apiUrl(path), {
    method: 'POST',
    headers: { ...OWN_HEADER, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

/** Ends the session of this browser with a dashboard that has members. */
export async function signOut() {
  const response = await send('/logout', { method: 'POST', headers: OWN_HEADER, redirect: 'manual' });
  if (response.type !== 'opaqueredirect') throw await problemOf(response);
  location.assign('/login');
}
