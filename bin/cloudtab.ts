#!/usr/bin/env node
/** The command. What it does is in lib/cli. */
import { main } from '../lib/cli/main.ts';

process.exitCode = await main(process.argv.slice(2));
