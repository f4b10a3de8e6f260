/** The dashboard of a deployment, signed with the credentials of this process. */
import { makeSign } from '../adapters/aws/sign-request.ts';
import { type SigningProxy, signingProxy } from '../adapters/aws/signing-proxy.ts';

/** Forwards requests to the function URL. */
export function signedDashboard(url: string): SigningProxy {
  return signingProxy({ url, sign: makeSign(), fetch: globalThis.fetch });
}

export { newToken } from '../adapters/new-token.ts';
export { systemClock } from '../adapters/system-clock.ts';
