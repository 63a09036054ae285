// Fills ../web/vendor from the packages of package-lock.json, which pins them by hash, and writes the hash of every file to vendor.json.
//
//   node refresh.js           refreshes the files
//   node refresh.js --check   changes nothing, and fails where a file is not what the packages have
//
// Files of packages are copied as they are. Only the host bridge of MCP Apps is bundled: it comes in many modules.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const vendor = join(here, '../web/vendor');
const isCheck = process.argv.includes('--check');

/** Files of packages, by the name that they get. */
const COPIES = {
  'preact.js': 'preact/dist/preact.mjs',
  'preact-hooks.js': 'preact/hooks/dist/hooks.mjs',
  'signals.js': '@preact/signals/dist/signals.mjs',
  'signals-core.js': '@preact/signals-core/dist/signals-core.mjs',
  'htm.js': 'htm/dist/htm.mjs',
  'uplot.js': 'uplot/dist/uPlot.esm.js',
  'uplot.css': 'uplot/dist/uPlot.min.css',
};

/** Whose licence goes along: what is copied, then what is in the bundle. */
const LICENSED = [
  'preact',
  '@preact/signals',
  'htm',
  'uplot',
  '@modelcontextprotocol/ext-apps',
  '@modelcontextprotocol/client',
  '@modelcontextprotocol/core',
  'pkce-challenge',
  'zod',
];

const BUNDLE = 'ext-apps-bridge.js';

/** Messages in other languages are a third of the bundle, and nobody reads them. */
const withoutTranslations = {
  name: 'without-translations',
  setup: (build) =>
    build.onLoad({ filter: /zod.v4.locales.[\w-]+\.js$/ }, ({ path }) =>
      /(index|en)\.js$/.test(path) ? undefined : { contents: 'export default () => ({})' },
    ),
};

/** @returns {Promise<Map<string, Buffer>>} */
async function collect(workplace) {
  const modules = join(workplace, 'node_modules');
  const files = new Map(Object.entries(COPIES).map(([name, source]) => [name, readFileSync(join(modules, source))]));
  const { build } = createRequire(join(workplace, 'package.json'))('esbuild');
  const bundled = await build({
    absWorkingDir: workplace,
    entryPoints: ['bridge.js'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    plugins: [withoutTranslations],
    write: false,
  });
  files.set(BUNDLE, Buffer.from(bundled.outputFiles[0].contents));
  const texts = LICENSED.map((name) => {
    const { version, license } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].map((one) => join(modules, name, one)).find(existsSync);
    const text = file ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim() : `Licensed under ${license}.`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  files.set('LICENSES.txt', Buffer.from(texts.join(`\n${'-'.repeat(80)}\n\n`)));
  const hashes = [...files].map(([name, content]) => [name, createHash('sha256').update(content).digest('hex')]);
  files.set('vendor.json', Buffer.from(`${JSON.stringify(Object.fromEntries(hashes.sort()), null, 2)}\n`));
  return files;
}

const workplace = mkdtempSync(join(tmpdir(), 'mcpr-vendor-'));
try {
  for (const file of ['package.json', 'package-lock.json', 'bridge.js', 'interpreted.js']) cpSync(join(here, file), join(workplace, file));
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: workplace, stdio: ['ignore', 'ignore', 'inherit'] });
  const files = await collect(workplace);
  const changed = [...files].filter(([name, content]) => {
    const file = join(vendor, name);
    return !existsSync(file) || !readFileSync(file).equals(content);
  });
  if (isCheck && changed.length > 0) {
    console.error(`not what the packages have: ${changed.map(([name]) => name).join(', ')}`);
    process.exitCode = 1;
  } else if (!isCheck) {
    mkdirSync(vendor, { recursive: true });
    for (const [name, content] of changed) writeFileSync(join(vendor, name), content);
  }
  console.log(isCheck ? `${files.size - changed.length} of ${files.size} files are right` : `${changed.length} of ${files.size} files changed`);
} finally {
  rmSync(workplace, { recursive: true });
}
