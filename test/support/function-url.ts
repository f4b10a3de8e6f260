/** A function URL that answers in this process, behind the global `fetch`, as AWS does in front of the admin function. */
import { vi } from 'vitest';
import { makeDoor } from '../../lib/app/door/call.ts';
import type { CallPorts } from '../../lib/app/door/operation.ts';
import type { Grant } from '../../lib/core/domain/access.ts';
import { makeApp } from '../../lib/surfaces/web/app.ts';

export const FUNCTION_URL = 'https://admin.lambda-url.eu-west-1.on.aws/';

export interface FunctionUrl {
  /** Who signed, as AWS says it to the function. */
  caller: string;
  /** The roles of the deployment. */
  grants: Grant[];
  /** Answers instead of the function; undefined lets the function answer. */
  instead: (path: string) => Response | undefined;
  /** The paths that were requested. */
  readonly paths: string[];
}

/** Answers until the stubs of the test are removed, and sets credentials. */
export function answerAtFunctionUrl(ports: CallPorts): FunctionUrl {
  const grants: Grant[] = [];
  const app = makeApp(makeDoor(ports), { access: { grants: async () => url.grants } });
  const url: FunctionUrl = {
    caller: 'arn:aws:iam::123456789012:user/anna',
    grants,
    instead: () => undefined,
    paths: [],
  };
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubGlobal('fetch', async (target: URL, init: RequestInit) => {
    const request = new Request(target, init);
    const { origin, pathname } = new URL(request.url);
    if (`${origin}/` !== FUNCTION_URL)
      throw new TypeError('fetch failed', { cause: new Error('no such host') });
    if (!request.headers.get('authorization')?.startsWith('AWS4-HMAC-SHA256 ')) {
      return new Response('{"Message":"Forbidden"}', { status: 403 });
    }
    url.paths.push(pathname);
    const requestContext = { authorizer: { iam: { userArn: url.caller } } };
    return url.instead(pathname) ?? app.fetch(request, { requestContext });
  });
  return url;
}
