/** The triggers of each Lambda. The stack creates them; function-health.ts checks them. */
import type { LambdaName } from './environment.ts';

interface Triggers {
  /** The ids of its EventBridge rules in the stack. */
  readonly rules: readonly string[];
  /** How many event source mappings it has. */
  readonly eventSourceMappings: number;
}

const NONE = { rules: [], eventSourceMappings: 0 } as const;

export const TRIGGERS = {
  registry: { rules: ['Changes'], eventSourceMappings: 0 },
  sync: { rules: ['Sweep', 'Resync'], eventSourceMappings: 1 },
  run: NONE,
  admin: NONE,
  setup: NONE,
} as const satisfies Readonly<Record<LambdaName, Triggers>>;
