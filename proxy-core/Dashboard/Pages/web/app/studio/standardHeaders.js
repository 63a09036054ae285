// Headers of 2026-07-28 that repeat what a body says, so that nobody in between has to read it.

/** Which member of the parameters `Mcp-Name` repeats. */
const NAMED = /** @type {Record<string, string>} */ ({
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
});

/** What a header may be called (RFC 9110 section 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Types whose values have one text. */
const PLAIN_TYPES = ['string', 'integer', 'boolean'];

/** @typedef {{ header: string, path: string[] }} ParamHeader */

/**
 * A text as the value of a header: as it is, or where that is not safe `=?base64?w6k=?=`.
 * @param {string} text
 */
export function headerValue(text) {
  const isPlain = /^[\x20-\x7e]*$/.test(text) && text.trim() === text && !text.startsWith('=?base64?');
  return isPlain ? text : `=?base64?${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}?=`;
}

/**
 * Arguments of a tool that go into headers as well, as `x-mcp-header` of its schema says.
 * @param {any} schema
 * @returns {{ headers: ParamHeader[], fault: string | null }} a tool with a fault is one that clients have to leave out
 */
export function paramHeaders(schema) {
  const headers = /** @type {ParamHeader[]} */ ([]);
  const fault = collect(schema, [], headers);
  return { headers: fault ? [] : headers, fault };
}

/**
 * @param {any} schema @param {string[]} path @param {ParamHeader[]} found
 * @returns {string | null}
 */
function collect(schema, path, found) {
  const name = schema?.['x-mcp-header'];
  if (name !== undefined) {
    const where = path.join('.') || 'the schema itself';
    if (path.length === 0 || !PLAIN_TYPES.includes(schema.type)) return `${where} is no text, whole number or truth value, and cannot be in a header`;
    if (typeof name !== 'string' || !TOKEN.test(name)) return `${where}: ${JSON.stringify(name)} cannot be the name of a header`;
    if (found.some((one) => one.header.toLowerCase() === `mcp-param-${name}`.toLowerCase())) return `two arguments want the header ${name}`;
    found.push({ header: `mcp-param-${name}`, path });
  }
  for (const [key, property] of Object.entries(schema?.properties ?? {})) {
    const fault = collect(property, [...path, key], found);
    if (fault) return fault;
  }
  return null;
}

/**
 * The headers of a message.
 * @param {any} message
 * @param {ParamHeader[]} params of the tool that it calls
 * @returns {Record<string, string>}
 */
export function standardHeaders(message, params) {
  const name = message.params?.[NAMED[message.method]];
  const repeated = message.method === 'tools/call' ? params.map(({ header, path }) => [header, valueAt(message.params?.arguments, path)]) : [];
  return {
    'mcp-method': message.method,
    ...(typeof name === 'string' && { 'mcp-name': headerValue(name) }),
    ...Object.fromEntries(repeated.filter(([, value]) => value !== null)),
  };
}

/** @param {any} args @param {string[]} path */
function valueAt(args, path) {
  const value = path.reduce((at, name) => at?.[name], args);
  return value === undefined || value === null || typeof value === 'object' ? null : headerValue(String(value));
}
