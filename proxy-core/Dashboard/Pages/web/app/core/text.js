// Text that people write and read.

/**
 * JSON with line breaks; other text as it is.
 * @param {string} text
 */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/**
 * `name: value` lines. An empty value takes the header away.
 * @param {string} text
 * @returns {Record<string, string | null>}
 */
export function headersFrom(text) {
  const lines = text.split('\n').filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim() || null];
    }),
  );
}
