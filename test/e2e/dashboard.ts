/** The dashboard of the deployment in a browser, through the signing proxy. */
import { deepEqual } from 'node:assert/strict';
import { makeSign } from '../../lib/adapters/aws/sign-request.ts';
import { signingProxy } from '../../lib/adapters/aws/signing-proxy.ts';
import { newToken } from '../../lib/adapters/new-token.ts';
import { serve } from '../../lib/surfaces/web/local-server.ts';
import { hasChromium, openBrowser } from '../browser/browser.ts';
import { walkMainPath } from '../browser/main-path.ts';
import { type Person, personAt } from '../browser/person.ts';
import { note, step } from './report.ts';
import type { Stage } from './stage.ts';

/** The uid of the cron that the test adds and deletes in the dashboard. */
export const BY_HAND = 'by-hand';

/** Adds, runs, edits and deletes a cron, if there is a browser. */
export async function useDashboard(stage: Stage, endpoint: string): Promise<void> {
  await step('The dashboard of the deployment works in a browser', async () => {
    await withBrowser(stage, endpoint, (ada) => walkMainPath(ada, BY_HAND));
  });
}

/** Lets a user act on the dashboard, if there is a browser. */
export async function withBrowser(
  { outputs }: Pick<Stage, 'outputs'>,
  endpoint: string,
  act: (ada: Person) => Promise<void>,
): Promise<void> {
  if (!hasChromium()) return note('skipped: Chromium is not installed');
  const [id] = new URL(outputs.adminUrl).hostname.split('.');
  const url = `${endpoint}/_aws/lambda-url/${id}/`;
  const token = newToken();
  const proxy = signingProxy({ url, sign: makeSign(), fetch: globalThis.fetch });
  const server = await serve(proxy, { port: 0, token: () => token });
  const browser = await openBrowser();
  try {
    await using ada = await personAt(browser, `${server.address}/${token}`);
    await act(ada);
    deepEqual(ada.complaints, []);
  } finally {
    await browser.close();
    await server.close();
  }
}
