import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { FolderDoor } from '../../../lib/adapters/local/folder-door.ts';
import { acquireLock } from '../../../lib/adapters/local/instance-lock.ts';
import { door } from '../../../lib/surfaces/cli/door.ts';
import { commandLine } from './command-line.ts';

const t = commandLine();
const DOOR = { address: 'http://127.0.0.1:4242', version: '1.2.3', pid: process.pid };

/** What a scheduler does that runs. */
function runScheduler(): FolderDoor {
  onTestFinished(acquireLock(folderOf(t.dir).pid, process.pid));
  const folderDoor = new FolderDoor(t.dir);
  folderDoor.open(DOOR);
  return folderDoor;
}

describe('cloudtab door', () => {
  it('The command prints the address of the scheduler that runs', async () => {
    const folderDoor = runScheduler();
    const dashboard = `http://127.0.0.1:4242/${folderDoor.token()}/`;
    expect(await t.outputOf('door')).toBe(`${dashboard}\n`);
    expect(await t.jsonOf('door')).toEqual({ dashboard, token: folderDoor.token(), ...DOOR });
  });

  it('--renew makes another secret, which the scheduler that runs uses from then on', async () => {
    const folderDoor = runScheduler();
    const before = folderDoor.token();
    const renewed = await t.outputOf('door', '--renew');
    expect(renewed).toBe(`http://127.0.0.1:4242/${folderDoor.token()}/\n`);
    expect(folderDoor.token()).not.toBe(before);
  });

  describe('without a scheduler', () => {
    let before: string;
    beforeEach(() => {
      const folderDoor = new FolderDoor(t.dir);
      // The file of a process that died.
      folderDoor.open(DOOR);
      before = folderDoor.token();
    });

    it('The command fails, names the fix, and keeps the secret', async () => {
      expect(await t.cloudtab('door')).toBe(1);
      expect(t.err.replace(/\s+/g, ' ')).toBe(
        `cloudtab: No scheduler runs the crontab of ${t.dir}, so its dashboard has no address. A bookmark works again when one does. Run: cloudtab start --dir ${t.dir} `,
      );
      expect(new FolderDoor(t.dir).token()).toBe(before);
    });

    it('--renew makes another secret and says so', async () => {
      expect(await t.cloudtab('door', '--renew')).toBe(0);
      expect(t.out).toContain('The old address of the dashboard is void. No scheduler runs');
      expect(await t.jsonOf('door', '--renew')).toEqual({ message: expect.stringContaining('void') });
      expect(new FolderDoor(t.dir).token()).not.toBe(before);
    });
  });

  it('The command names the one for a deployment', () => {
    vi.stubEnv('CLOUDTAB_DIR', '');
    expect(() => door({}, { CLOUDTAB_STACK: 'Shop' })).toThrow(
      'The dashboard of the deployment Shop has no address of its own on this computer. Run: cloudtab open --stack Shop',
    );
  });

  it('The command fails for a folder that does not exist, and creates none', async () => {
    expect(() => door({ dir: `${t.dir}/nowhere` }, {})).toThrow('not found');
  });
});
