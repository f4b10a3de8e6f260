/**
 * The description of the API as it is sent. It stands alone since a bundle has it ready made, and leaves out what
 * makes it (lib/deploy/bundling/inlined.ts).
 */
import { ENDPOINTS } from './endpoints.ts';
import { openApi } from './openapi.ts';

/** OpenAPI in JSON. Takes as long as starting everything else. */
export function describeApi(): string {
  return JSON.stringify(openApi(ENDPOINTS));
}
