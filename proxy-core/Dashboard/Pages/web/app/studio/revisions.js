// What Studio says of itself, to servers of all revisions.

/** The newest revision with sessions. */
export const LEGACY = '2025-11-25';

/** The revision without them, in which every request is complete by itself. */
export const MODERN = '2026-07-28';

/** Keys of `_meta` that belong to the protocol. */
export const META = 'io.modelcontextprotocol/';

/** Servers offer widgets, and ask questions, only where clients say that they can have them. */
export const CAPABILITIES = Object.freeze({
  elicitation: { form: {}, url: {} },
  sampling: {},
  roots: {},
  extensions: { [`${META}ui`]: { mimeTypes: ['text/html;profile=mcp-app'] } },
});

export const CLIENT = Object.freeze({ name: 'mcpr Studio', version: '1' });

/** Levels of what servers log, the least important first. */
export const LOG_LEVELS = Object.freeze(['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']);
