import { CRONS } from './crons.ts';
import type { Endpoint } from './endpoint.ts';
import { LOGS } from './logs.ts';
import { SITES } from './sites.ts';
import { TOOLS } from './tools.ts';

/** All endpoints of the API, except the OpenAPI document. */
export const ENDPOINTS: readonly Endpoint[] = [...SITES, ...CRONS, ...LOGS, ...TOOLS];
