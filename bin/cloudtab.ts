#!/usr/bin/env node
/** The command. What it does is in lib/cli. */
import { main } from '../lib/cli/main.ts';

// Whoever reads the output may have seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await main(process.argv.slice(2));
