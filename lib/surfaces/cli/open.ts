/** `cloudtab open`: opens the dashboard of a deployment in the browser and signs its requests, until Ctrl-C. */
import { spawn } from 'node:child_process';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { Target } from '../../core/ports/target.ts';
import type { JsonOptions } from './output.ts';
import { portOf } from './whole-number.ts';

export interface OpenOptions extends JsonOptions {
  readonly port: string;
  /** Whether to start the browser. */
  readonly browser: boolean;
  /** Site whose crontab opens. Default: the overview of all sites. */
  readonly site?: string;
}

const BROWSERS: Readonly<Record<string, string>> = { darwin: 'open', win32: 'explorer' };

/** Returns when `stopped` resolves. Throws ConfigurationError for a folder, and InvalidError for an invalid port. */
export async function openDashboard(
  { dashboard, name }: Target,
  { port, browser, site, json }: OpenOptions,
  stopped: Promise<void>,
): Promise<void> {
  if (!dashboard) {
    throw new ConfigurationError(
      `${name} is a folder: "cloudtab start" prints the address of its dashboard. For a deployment, use --stack.`,
    );
  }
  const listensOn = portOf(port);
  // Loaded only here: the AWS SDK would slow down other commands.
  const { makeSign } = await import('../../adapters/aws/sign-request.ts');
  const { openSigningProxy } = await import('../../adapters/aws/signing-proxy.ts');
  await using proxy = await openSigningProxy({
    url: dashboard.url,
    sign: makeSign(),
    fetch: globalThis.fetch,
    port: listensOn,
  });
  const url = addressOf(proxy.url, site);
  process.stdout.write(
    json
      ? `${JSON.stringify({ name, url })}\n`
      : `The dashboard of ${name}, signed with your credentials, for one browser and until Ctrl-C:\n\n  ${url}\n\n`,
  );
  if (browser && !json) startBrowser(url);
  await stopped;
}

function addressOf(entrance: string, site: string | undefined): string {
  const url = new URL(entrance);
  if (site !== undefined) url.pathname = `/sites/${site}`;
  return url.href;
}

/** Ignores errors: the address is printed, too. */
function startBrowser(url: string): void {
  const program = BROWSERS[process.platform] ?? 'xdg-open';
  spawn(program, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
