// Bundles the two designers into app/web/static/dist. Called by build.py, which decides when.
import { build } from 'esbuild';
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const kept = path.resolve(here, '../app/web/static/dist');
const out = `${kept}.new`; // takes the place of the old bundles when it is complete

await rm(out, { recursive: true, force: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: { process: 'src/process.js', table: 'src/table.js' },
  outdir: out,
  bundle: true,
  minify: true,
  splitting: true,
  format: 'esm',
  charset: 'utf8',
  target: ['chrome109', 'firefox102', 'safari15.4'],
  legalComments: 'external', // the licences stay beside the bundles
  chunkNames: 'part-[hash]',
  assetNames: 'font-[hash]',
  jsx: 'automatic',
  jsxImportSource: '@bpmn-io/properties-panel/preact',
  loader: { '.woff': 'file', '.woff2': 'file', '.ttf': 'file', '.eot': 'empty', '.svg': 'empty' },
  metafile: true,
  logLevel: 'warning',
});
const sizes = Object.entries(result.metafile.outputs)
  .map(([name, one]) => [path.basename(name), one.bytes])
  .sort((a, b) => b[1] - a[1]);
await writeFile(path.join(out, 'sizes.json'), `${JSON.stringify(Object.fromEntries(sizes), null, 1)}\n`);

// The licences of everything that was bundled, word for word, beside the bundles.
const packages = new Set(
  Object.keys(result.metafile.inputs)
    .map((name) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1])
    .filter(Boolean),
);
const texts = [];
for (const name of [...packages].sort()) {
  const folder = path.join(here, 'node_modules', name);
  const about = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
  const text = file ? (await readFile(path.join(folder, file), 'utf8')).trim() : '';
  texts.push(`${name} ${about.version}\n${about.license || ''}\n\n${text}`);
}
await writeFile(path.join(out, 'licences.txt'), `${texts.join(`\n\n${'='.repeat(72)}\n\n`)}\n`);

await rm(kept, { recursive: true, force: true });
await rename(out, kept);
