/** The deployment's own runners, by the name that crons use. Each is a class that extends Runner, as in hello.ts. */
import type { RunnerClass } from '../../lib/runners/runner.ts';
import { Hello } from './hello.ts';

export const runners: Readonly<Record<string, RunnerClass>> = { hello: Hello };
