/**
 * The OpenAPI document as it is sent. It is a module of its own, since lib/deploy/bundling/inlined.ts replaces it by its
 * value.
 */
import { ENDPOINTS } from './endpoints.ts';
import { openApi } from './openapi.ts';

/** The document in JSON. Creating it takes as long as the rest of a cold start. */
export function describeApi(): string {
  return JSON.stringify(openApi(ENDPOINTS));
}
