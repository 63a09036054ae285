// What a JSON schema makes of a form, and the form of a value.

/** @typedef {Record<string, any>} Schema */

/** How deep references are followed; schemas may refer to themselves. */
const MAX_DEPTH = 8;

/**
 * The schema that a local reference leads to.
 * @param {Schema} schema @param {Schema} root @returns {Schema}
 */
export function resolve(schema, root, depth = 0) {
  if (typeof schema !== 'object' || schema === null) return {};
  const { $ref: reference, ...own } = schema;
  if (typeof reference !== 'string' || depth > MAX_DEPTH) return schema;
  if (!reference.startsWith('#')) return own;
  const target = reference
    .slice(1)
    .split('/')
    .filter(Boolean)
    .reduce((/** @type {any} */ at, part) => at?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')], root);
  return target ? { ...resolve(target, root, depth + 1), ...own } : own;
}

/**
 * How it is asked for: `choice`, `choices` for some of several, `boolean`, `number`, `text`, `object`, `list`, or `raw` for what has no form.
 * @param {Schema} schema
 * @returns {string}
 */
export function kindOf(schema) {
  if (Array.isArray(schema.enum) || 'const' in schema) return 'choice';
  if (titledChoices(schema)) return 'choice';
  if (schema.oneOf || schema.anyOf || schema.allOf || schema.not) return 'raw';
  const types = [schema.type].flat().filter((type) => type !== 'null' && type !== undefined);
  const type = types.length === 1 ? types[0] : types.length === 0 && schema.properties ? 'object' : undefined;
  if (type === 'boolean') return 'boolean';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'string') return 'text';
  if (type === 'object' && schema.properties) return 'object';
  if (type === 'array' && schema.items && !Array.isArray(schema.items)) return kindOf(schema.items) === 'choice' ? 'choices' : 'list';
  return 'raw';
}

/**
 * Choices with titles, as `oneOf` of constants. @param {Schema} schema
 * @returns {[any, string][] | null}
 */
function titledChoices(schema) {
  const all = schema.oneOf ?? schema.anyOf;
  return Array.isArray(all) && all.length > 0 && all.every((one) => one && typeof one === 'object' && 'const' in one)
    ? all.map((one) => [one.const, one.title ?? String(one.const)])
    : null;
}

/** Values to choose from, and what they are called. @param {Schema} schema @returns {[any, string][]} */
export function choicesOf(schema) {
  if ('const' in schema) return [[schema.const, String(schema.const)]];
  return titledChoices(schema) ?? schema.enum.map((/** @type {any} */ value, /** @type {number} */ at) => [value, schema.enumNames?.[at] ?? String(value)]);
}

/**
 * What a form begins with: what has to be there, and defaults.
 * @param {Schema} schema @param {Schema} root @param {boolean} isRequired
 * @returns {any} undefined for what is left out
 */
export function initialValue(schema, root, isRequired = true, depth = 0) {
  const whole = resolve(schema, root);
  if ('default' in whole) return whole.default;
  if (depth > MAX_DEPTH || !isRequired) return undefined;
  switch (kindOf(whole)) {
    case 'choice':
      return choicesOf(whole)[0]?.[0];
    case 'boolean':
      return false;
    case 'number':
      return whole.minimum;
    case 'text':
      return '';
    case 'list':
    case 'choices':
      return [];
    case 'object':
      return initialObject(whole, root, depth);
    default:
      return undefined;
  }
}

/** @param {Schema} schema @param {Schema} root @param {number} depth */
function initialObject(schema, root, depth) {
  const value = /** @type {Record<string, any>} */ ({});
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const one = initialValue(property, root, (schema.required ?? []).includes(name), depth + 1);
    if (one !== undefined) value[name] = one;
  }
  return value;
}

/**
 * What is wrong with a value in the eyes of its schema, as far as forms can tell. Servers have the last word.
 * @param {any} value @param {Schema} schema @param {Schema} root
 * @returns {string | null}
 */
export function complaintOf(value, schema, root) {
  const whole = resolve(schema, root);
  if (whole.type !== 'object' && !whole.properties) return null;
  for (const name of whole.required ?? []) {
    const one = value?.[name];
    if (one === undefined || (typeof one === 'number' && Number.isNaN(one))) return `${name} is needed`;
  }
  for (const [name, property] of Object.entries(whole.properties ?? {})) {
    const inner = value?.[name] === undefined ? null : complaintOf(value[name], property, root);
    if (inner) return `${name}: ${inner}`;
  }
  return null;
}
