// An MCP server with the tools, resources and prompts that the official conformance suite calls.
//
//   tests/node tests/fixture-server/main.js --http PORT   serves http://127.0.0.1:PORT/mcp (0 = a free port)
//   tests/node tests/fixture-server/main.js --stdio [--era legacy|modern]
//                                                         serves the same over stdin/stdout
//
// Both protocol eras work on either transport; --era leaves one of them. In HTTP mode stdout carries exactly one line, the
// URL, once the server listens; everything for people goes to stderr. SIGTERM and SIGINT end it.

import { parseArgs } from 'node:util';
import { listen } from './http.js';
import { serveOverStdio } from './stdio.js';

const USAGE = 'usage: main.js --http PORT | --stdio [--era legacy|modern]';
const ERAS = ['legacy', 'modern', undefined];

/** @returns {{ mode: 'http', port: number } | { mode: 'stdio', era?: string }} */
function readCommandLine() {
  const { values } = parseArgs({ options: { http: { type: 'string' }, stdio: { type: 'boolean' }, era: { type: 'string' } } });
  if (!ERAS.includes(values.era) || (values.era && !values.stdio)) throw new Error(USAGE);
  if (values.stdio && values.http === undefined) return { mode: 'stdio', era: values.era };
  const port = Number(values.http || NaN);
  if (values.stdio || !Number.isInteger(port) || port < 0 || port > 65535) throw new Error(USAGE);
  return { mode: 'http', port };
}

/** @returns {ReturnType<typeof readCommandLine>} */
function readCommandLineOrExit() {
  try {
    return readCommandLine();
  } catch (error) {
    console.error(`fixture-server: ${error.message}`);
    process.exit(2);
  }
}

const commandLine = readCommandLineOrExit();
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));

if (commandLine.mode === 'stdio') {
  await serveOverStdio(commandLine.era);
} else {
  const port = await listen(commandLine.port);
  console.log(`http://127.0.0.1:${port}/mcp`);
}
