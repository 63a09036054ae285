/**
 * Writes for people; stdout belongs to the protocol.
 * @param {string} message
 */
export function log(message) {
  console.error(`fixture-server: ${message}`);
}

/** @param {Error} error */
export function logError(error) {
  log(error.stack ?? String(error));
}
