import type { Call } from '../../app/door/call.ts';
import type { Caller } from '../../core/domain/access.ts';

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
    who: Caller;
    /** Calls an operation for the caller. */
    call: Call;
    /** Epoch milliseconds. */
    now: number;
    /** The path of the stream of events; absent if the server has none. */
    events: string | undefined;
    /** The option of the command line that chooses the target, for hints. */
    option: string | undefined;
    /** Present while the server still reads the crontab. */
    reading: Reading | undefined;
  };
}
