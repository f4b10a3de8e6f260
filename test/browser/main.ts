/**
 * `npm run test:browser`: installs Chromium if it is missing, and runs the browser tests. With `--pictures` it takes the
 * screenshots of the documentation instead.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { CHROMIUM, hasChromium } from './browser.ts';
import { takePictures } from './pictures.ts';

/** Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  if (!hasChromium()) install();
  if (!hasChromium()) {
    process.stderr.write(
      `There is no browser at ${CHROMIUM}. Install Chromium ("apt-get install chromium" on Debian), or set its path: CHROMIUM=/path/to/chromium npm run test:browser\n`,
    );
    return 1;
  }
  if (args.includes('--pictures')) {
    await takePictures();
    return 0;
  }
  const vitest = ['vitest', 'run', '--config', 'test/browser/vitest.config.ts', ...args];
  return spawnSync('npx', vitest, { stdio: 'inherit' }).status ?? 1;
}

/** Installs Chromium if this process is root on Debian, as tests in containers are. */
function install(): void {
  if (process.getuid?.() !== 0) return;
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: 'inherit' });
  } catch {
    // The caller reports that Chromium is missing.
  }
}

process.exitCode = await main(process.argv.slice(2));
