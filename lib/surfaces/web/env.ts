import type { OperationPorts } from '../../core/ports/operation-ports.ts';

/** How much of the crontab has been read, of how much. */
export interface Reading {
  readonly done: number;
  readonly of: number;
}

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
    /** Present while the server still reads the crontab. */
    reading: Reading | undefined;
  };
}
