/** The answer to a call that another process did. */
export interface WireAnswer {
  readonly status: number;
  readonly text: string;
  /** What `Retry-After` asks for, in seconds; absent without that header. */
  readonly retryAfter?: string | undefined;
}
