#!/usr/bin/env node
// The command of the package: what was built of cloudtab.ts, or cloudtab.ts itself in a checkout, where nothing is.
import { existsSync } from 'node:fs';

const source = new URL('./cloudtab.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/bin/cloudtab.js', import.meta.url).href);
