import type { OperationPorts } from '../../core/ports/operation-ports.ts';

/** The types of the Hono context of each request. */
export interface AdminEnv {
  /** On Lambda. `userArn` is the IAM identity that signed the request to the function URL; headers cannot forge it. */
  Bindings: {
    readonly requestContext?: {
      readonly authorizer?: { readonly iam?: { readonly userArn?: string } } | null;
    };
  };
  Variables: {
    /** The ports of this request: they and their logger have the caller. */
    ports: OperationPorts;
  };
}
