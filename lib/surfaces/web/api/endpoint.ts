/** One route of the API, as data: what it takes, what it answers, and the function that does it. */
import type * as z from 'zod/mini';
import type { JsonObject } from '../../../core/domain/cron.ts';
import type { OperationPorts } from '../../../core/ports/operation-ports.ts';
import type { HttpProblemStatus } from '../http-error.ts';

/** The schema of a query: its parameters, and no others. */
export type QuerySchema<Shape extends z.core.$ZodShape = z.core.$ZodShape> = z.ZodMiniObject<
  Shape,
  z.core.$strict
>;

export interface Endpoint {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Below `/api`, with parameters such as `{uid}`. */
  readonly path: string;
  /** Unique, for programs that are generated from the description. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Parameters of the query; others are refused. Absent: it takes none. */
  readonly query?: QuerySchema;
  /** The body's schema; whoever handles it judges the body by the schema that this one is made from. Absent: none. */
  readonly body?: z.ZodMiniType;
  /** Takes `If-Match`. */
  readonly conditional?: true;
  readonly answer: Answers;
  /** What it may answer otherwise, besides what every route may. */
  readonly refusals: readonly HttpProblemStatus[];
  readonly handle: (call: Call) => Promise<Answer> | Answer;
}

export interface Answers {
  readonly status: 200 | 201 | 202;
  readonly description: string;
  readonly schema: z.ZodMiniType;
  /** Whether it comes with an `ETag`. */
  readonly tagged?: true;
}

/** A request whose form is right. */
export interface Call {
  readonly ports: OperationPorts;
  /** The parameters of the path. */
  readonly site: string;
  readonly uid: string;
  readonly id: string;
  /** The query as the endpoint's schema makes it. Throws InvalidError with all problems. */
  readonly query: <Shape extends z.core.$ZodShape>(
    schema: QuerySchema<Shape>,
  ) => z.output<QuerySchema<Shape>>;
  /** Empty when the endpoint takes none. */
  readonly body: JsonObject;
  /** The tags of `If-Match`; absent: any. */
  readonly expected?: readonly string[];
}

export interface Answer {
  readonly body: unknown;
  readonly tag?: string;
  /** The path of what was made. */
  readonly location?: string;
}
