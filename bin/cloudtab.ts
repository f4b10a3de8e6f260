#!/usr/bin/env node
/** The command `cloudtab`; lib/surfaces/cli implements it. */
import { main } from '../lib/surfaces/cli/main.ts';

// A reader such as `head` may close the pipe early. The command still completes.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await main(process.argv.slice(2));
