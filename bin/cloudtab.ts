#!/usr/bin/env node
/** The command. What it does is in lib/surfaces/cli. */
import { main } from '../lib/surfaces/cli/main.ts';

// Whoever reads the output may have seen enough: what is being done is done all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await main(process.argv.slice(2));
