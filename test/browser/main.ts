/**
 * `npm run test:browser`: sees to it that there is a Chromium, and acts on the dashboard as a person does. With
 * `--pictures` it takes those of the documentation instead.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { CHROMIUM, hasChromium } from './browser.ts';
import { takePictures } from './pictures.ts';

/** Exit code. */
async function main(args: readonly string[]): Promise<number> {
  if (!hasChromium()) install();
  if (!hasChromium()) {
    process.stderr.write(
      `There is no browser at ${CHROMIUM}. Install one ("apt-get install chromium" on Debian), or say where it is: CHROMIUM=/path/to/chromium npm run test:browser\n`,
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

/** Where that is possible without asking: as root on Debian, which is how tests run in containers. */
function install(): void {
  if (process.getuid?.() !== 0) return;
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: 'inherit' });
  } catch {
    // What is missing is said by whoever looks for it.
  }
}

process.exitCode = await main(process.argv.slice(2));
