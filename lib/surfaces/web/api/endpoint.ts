/** A route of the API as data: the operation that it calls, and how HTTP carries it. */
import type { InputSchema } from '../../../app/door/operation.ts';
import type { AnswerOf, OperationId } from '../../../app/door/operations.ts';
import type { HttpProblemStatus } from '../http-error.ts';

export interface Endpoint<Id extends OperationId = OperationId> {
  readonly operation: Id;
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Relative to `/api`, with parameters such as `{uid}`. */
  readonly path: string;
  /** The operation id in the OpenAPI document. Default: the id of the operation. */
  readonly id?: string;
  readonly summary: string;
  readonly description?: string;
  /** Accepts `If-Match`. */
  readonly conditional?: true;
  /** Accepts `newSite` in the query string. */
  readonly mayCreateSite?: true;
  /** Of its answer. Default: 200. */
  readonly status?: 201 | 202;
  /** What it answers. Default: the result. */
  readonly answer?: string;
  /** The input of the operation, if the path holds it. */
  readonly inputOf?: (parameters: PathParameters) => object;
  /** The parameters of the query string, which join the input, if the path holds some of it. Default: none. */
  readonly query?: () => InputSchema;
  /** The `ETag` of the answer; undefined for none. */
  tagOf?(answer: AnswerOf<Id>): string | undefined;
  /** The path of the new resource. */
  locationOf?(answer: AnswerOf<Id>): string;
  /** The statuses of its refusals, in addition to those of every route. */
  readonly refusals: readonly HttpProblemStatus[];
}

export interface PathParameters {
  readonly site: string;
  readonly uid: string;
  readonly id: string;
}

/** Checks the types of an endpoint. */
export function endpoint<Id extends OperationId>(definition: Endpoint<Id>): Endpoint {
  return definition as Endpoint;
}
