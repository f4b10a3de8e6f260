/** Your own runners, by the name that a cron gives. Each is a class that extends Runner; hello.ts shows how. */
import type { RunnerClass } from '../../lib/runners/runner.ts';
import { Hello } from './hello.ts';

export const runners: Readonly<Record<string, RunnerClass>> = { hello: Hello };
