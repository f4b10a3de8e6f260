#!/usr/bin/env node
// The command of the package: runs cloudtab.ts in a checkout, and its bundle in a published package.
import { existsSync, readFileSync, writeSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `cloudtab: got Node ${process.versions.node}, wanted 22.18 or later. Run nvm install 24, or install it from https://nodejs.org.`,
  );
  process.exit(1);
}

if (process.argv.length === 3 && process.argv[2] === '--version') {
  // Answered here, so that nothing else is loaded.
  writeSync(1, `${JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version}\n`);
} else {
  const source = new URL('./cloudtab.ts', import.meta.url);
  await import(existsSync(source) ? source.href : new URL('../dist/bin/cloudtab.js', import.meta.url).href);
}
