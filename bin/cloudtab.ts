#!/usr/bin/env node
/** The command `cloudtab`; lib/surfaces/cli implements it. */
import { inspect } from 'node:util';
import { cacheCompiledCode } from '../lib/adapters/local/compile-cache.ts';

cacheCompiledCode();

// A reader such as `head` may close the pipe early, and the disk of a file may be full. The command still completes.
let isOutputLost = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || isOutputLost) return;
    isOutputLost = true;
    process.exitCode = 1;
    process.stderr.write(`cloudtab: Cannot write the output: ${error.message}.\n`);
  });
}

// Loaded only now, so that it is in the cache.
const [{ guard }, { main }] = await Promise.all([
  import('../lib/surfaces/cli/terminal.ts'),
  import('../lib/surfaces/cli/main.ts'),
]);
guard(process.stdout);
guard(process.stderr, { isForPeople: true });
try {
  const code = await main(process.argv.slice(2));
  process.exitCode = code || process.exitCode;
} catch (error) {
  process.stderr.write(`${inspect(error)}\n`);
  process.exitCode = 1;
}
