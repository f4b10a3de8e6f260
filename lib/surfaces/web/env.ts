import type { OperationPorts } from '../../core/ports/operation-ports.ts';

/** What every route of the admin application finds in its context. */
export interface AdminEnv {
  Variables: {
    /** The ports of this request: they know who asks, and so do their log lines. */
    ports: OperationPorts;
  };
}
