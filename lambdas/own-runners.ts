/** The runners of the deployment, by name. Bundling replaces this module by one that imports each file of their folder. */
import type { RunnerClass } from '../lib/runners/runner.ts';

export const runners: Readonly<Record<string, RunnerClass>> = {};
