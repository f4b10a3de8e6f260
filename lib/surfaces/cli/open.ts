/** `cloudtab open`: opens the dashboard of a deployment in the browser and signs its requests, until Ctrl-C. */
import type { FoundDeployment } from '../../client/deployment-client.ts';
import { dashboardUrl, serve } from '../web/local-server.ts';
import { openBrowser } from './browser.ts';
import type { JsonOptions } from './output.ts';
import { portOf } from './whole-number.ts';

export interface OpenOptions extends JsonOptions {
  readonly port: string;
  /** Whether to start the browser. */
  readonly browser: boolean;
  /** Site whose crontab opens. Default: the overview of all sites. */
  readonly site?: string;
}

/** Returns when `stopped` resolves. Throws ConfigurationError for a port that is taken or not valid. */
export async function openDashboard(
  { url: deployment, name }: FoundDeployment,
  { port, browser, site, json }: OpenOptions,
  stopped: Promise<void>,
): Promise<void> {
  const listensOn = portOf(port);
  // Loaded only here: the AWS SDK would slow down other commands.
  const { newToken, signedDashboard, systemClock } = await import('../../client/signed-dashboard.ts');
  const proxy = signedDashboard(deployment);
  const token = newToken();
  const server = await serve(proxy, { port: listensOn, token: () => token });
  const url = dashboardUrl(
    server.address,
    token,
    site === undefined ? '' : `sites/${encodeURIComponent(site)}`,
  );
  const write = (text: string) => void process.stdout.write(text);
  const showAddress = () => write(`  ${url}\n\n`);
  let close = () => {};
  if (json) {
    write(`${JSON.stringify({ name, url })}\n`);
  } else {
    write(
      `The dashboard of ${name}, signed with your credentials, until Ctrl-C. Its address is a secret.\n\n`,
    );
    // What is no terminal may be a file that others read.
    const isShown = !browser || process.stdout.isTTY;
    if (isShown) showAddress();
    if (browser) close = openBrowser(url, systemClock, () => isShown || showAddress());
  }
  await stopped;
  close();
  await server.close();
}
