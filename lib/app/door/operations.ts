/** All operations, by id. */
import { cronOperations } from './cron-operations.ts';
import { siteOperations } from './site-operations.ts';
import { toolOperations } from './tool-operations.ts';

export const OPERATIONS = { ...siteOperations, ...cronOperations, ...toolOperations };

type Operations = typeof OPERATIONS;
export type OperationId = keyof Operations;

type RequestOf<Id extends OperationId> = Parameters<Operations[Id]['run']>[0];
export type PlaceOf<Id extends OperationId> = RequestOf<Id>['place'];
export type InputOf<Id extends OperationId> = RequestOf<Id>['input'];
export type AnswerOf<Id extends OperationId> = Awaited<ReturnType<Operations[Id]['run']>>;
