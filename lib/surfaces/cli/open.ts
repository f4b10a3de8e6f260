/** `cloudtab open`: the dashboard of a deployment in the browser, until Ctrl-C. */
import { spawn } from 'node:child_process';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { Target } from '../../core/ports/target.ts';
import { portOf } from './whole-number.ts';

export interface OpenOptions {
  readonly port: string;
  /** Whether to start the browser. */
  readonly browser: boolean;
  /** Whose crontab to begin with; absent: the overview of all sites. */
  readonly site?: string;
  /** Print the address for a program, which knows what to do with it. */
  readonly json?: true;
}

const BROWSERS: Readonly<Record<string, string>> = { darwin: 'open', win32: 'explorer' };

/** Returns when `stopped` is resolved. Throws ConfigurationError for a folder, and InvalidError for a port that is none. */
export async function openDashboard(
  { dashboard, name }: Target,
  { port, browser, site, json }: OpenOptions,
  stopped: Promise<void>,
): Promise<void> {
  if (!dashboard) {
    throw new ConfigurationError(
      `${name} is a folder: its dashboard is where "cloudtab start" says. For a deployment, say --stack.`,
    );
  }
  const listensOn = portOf(port);
  // Other commands do not wait for the SDK.
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
      : `The dashboard of ${name}, in your name, for one browser and until Ctrl-C:\n\n  ${url}\n\n`,
  );
  if (browser && !json) startBrowser(url);
  await stopped;
}

function addressOf(entrance: string, site: string | undefined): string {
  const url = new URL(entrance);
  if (site !== undefined) url.pathname = `/sites/${site}`;
  return url.href;
}

/** Where there is none, the person has the address. */
function startBrowser(url: string): void {
  const program = BROWSERS[process.platform] ?? 'xdg-open';
  spawn(program, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
