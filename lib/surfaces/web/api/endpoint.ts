/** A route of the API as data: its request, its responses and its handler. */
import type * as z from 'zod/mini';
import type { JsonObject } from '../../../core/domain/cron.ts';
import type { OperationPorts } from '../../../core/ports/operation-ports.ts';
import type { HttpProblemStatus } from '../http-error.ts';

/** The schema of a query string; it refuses other parameters. */
export type QuerySchema<Shape extends z.core.$ZodShape = z.core.$ZodShape> = z.ZodMiniObject<
  Shape,
  z.core.$strict
>;

export interface Endpoint {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Relative to `/api`, with parameters such as `{uid}`. */
  readonly path: string;
  /** The operation id in the OpenAPI document. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Absent: no parameters. */
  readonly query?: QuerySchema;
  /** The schema in the OpenAPI document; the operation validates the body. Absent: no body. */
  readonly body?: z.ZodMiniType;
  /** Accepts `If-Match`. */
  readonly conditional?: true;
  readonly answer: Answers;
  /** The statuses of its refusals, in addition to those of every route. */
  readonly refusals: readonly HttpProblemStatus[];
  readonly handle: (call: Call) => Promise<Answer> | Answer;
}

export interface Answers {
  readonly status: 200 | 201 | 202;
  readonly description: string;
  readonly schema: z.ZodMiniType;
  /** Whether the response has an `ETag`. */
  readonly tagged?: true;
}

/** A well-formed request. */
export interface Call {
  readonly ports: OperationPorts;
  /** The parameters of the path. */
  readonly site: string;
  readonly uid: string;
  readonly id: string;
  /** Parses the query string. Throws InvalidError with all problems. */
  readonly query: <Shape extends z.core.$ZodShape>(
    schema: QuerySchema<Shape>,
  ) => z.output<QuerySchema<Shape>>;
  /** Empty if the endpoint has no body. */
  readonly body: JsonObject;
  /** The tags of `If-Match`; absent: any version. */
  readonly expected?: readonly string[];
}

export interface Answer {
  readonly body: unknown;
  readonly tag?: string;
  /** The path of the new resource. */
  readonly location?: string;
}
