#!/usr/bin/env node
// The command of the package: runs cloudtab.ts in a checkout, and its compiled form in a published package.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `cloudtab: got Node ${process.versions.node}, wanted 22.18 or later. Run nvm install 24, or install it from https://nodejs.org.`,
  );
  process.exit(1);
}

const source = new URL('./cloudtab.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/bin/cloudtab.js', import.meta.url).href);
