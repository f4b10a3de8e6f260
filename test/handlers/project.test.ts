import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ParameterKey } from '../../lib/domain/names.ts';
import { accept, project } from '../../lib/handlers/project.ts';
import type { Parameter } from '../../lib/ports/registry.ts';
import { faulty, intercept } from '../support/faulty.ts';
import { makeWorld, type World } from '../support/world.ts';

const KEY = { site: 'default', uid: 'a' };
const GOOD = JSON.stringify({ name: 'task', periodicity: '0 * * * *' });
const BAD = JSON.stringify({ name: 'task', periodicity: '0 * * *' });

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.close());

const projection = () => world.ports.store.readProjection(KEY);

describe('a parameter that was edited', () => {
  it('is in force when it is valid, and the bus is told', async () => {
    await world.edit('a', GOOD);
    expect(await projection()).toMatchObject({ value: { uid: 'a', name: 'task', periodicity: '0 * * * *' } });
    expect(world.events).toEqual([
      { type: 'ModifiedCrontab', detail: { ...KEY, version: 1, change: 'saved' } },
    ]);
    expect(world.log.messages('info')).toEqual(['Accepted version 1 of default/a']);
  });

  it('leaves the last good version in force when it is not, and says why in every place', async () => {
    const marks: unknown[] = [];
    const registry = intercept(
      world.ports.registry,
      'markRejected',
      async (mark) => void marks.push(await mark()),
    );
    await world.edit('a', GOOD);
    await world.ports.registry.write(KEY, BAD);
    await project({ ...world.ports, registry }, KEY);
    expect(await projection()).toMatchObject({
      version: 2,
      value: { periodicity: '0 * * * *' },
      problems: [{ where: 'periodicity' }],
    });
    expect(marks).toHaveLength(1);
    expect(world.events.at(-1)).toMatchObject({
      type: 'RejectedParameter',
      detail: { ...KEY, version: 2, problems: [{ where: 'periodicity' }] },
    });
    expect(world.log.lines.at(-1)).toMatchObject({
      level: 'warn',
      message: expect.stringMatching(
        /^Rejected version 2 of default\/a; the last good version stays in force\. periodicity: got/,
      ),
      fields: { code: 'parameter-rejected', site: 'default', uid: 'a' },
    });
  });

  it('puts a good version in force that came and went unseen before it, and no older one', async () => {
    const daily = { name: 'task', periodicity: '@daily' };
    await world.edit('a', GOOD);
    await world.ports.registry.write(KEY, JSON.stringify({ ...daily, periodicity: '@weekly' }));
    await world.ports.registry.write(KEY, JSON.stringify(daily));
    await world.ports.registry.write(KEY, '{"name": "task"}');
    await world.edit('a', BAD);
    expect(await projection()).toMatchObject({
      version: 5,
      value: daily,
      problems: [{ where: 'periodicity' }],
    });
  });

  it('puts nothing of a parameter in force that was removed and made anew', async () => {
    await world.edit('a', GOOD);
    await world.ports.registry.remove(KEY);
    await project(world.ports, KEY);
    await world.edit('a', BAD);
    expect((await projection())?.value).toBeUndefined();
  });

  it('puts nothing of an earlier life in force that is all that was known when it was made anew, badly', async () => {
    await world.edit('a', GOOD);
    let isFirst = true;
    const registry = intercept(world.ports.registry, 'read', async (read) => {
      if (isFirst) {
        isFirst = false;
        await world.ports.registry.remove(KEY);
        await world.ports.registry.write(KEY, BAD);
      }
      return read();
    });
    await project({ ...world.ports, registry }, KEY);
    const after = await projection();
    expect(after).toMatchObject({ problems: [{ where: 'periodicity' }] });
    expect(after?.value).toBeUndefined();
  });

  it('puts nothing older in force when its history went away with it while it was judged', async () => {
    await world.edit('a', GOOD);
    await world.ports.registry.write(KEY, JSON.stringify({ name: 'task', periodicity: '@weekly' }));
    await world.ports.registry.write(KEY, BAD);
    let isFirst = true;
    const registry = intercept(world.ports.registry, 'history', async (history) => {
      if (!isFirst) return history();
      isFirst = false;
      await project(world.ports, KEY);
      await world.ports.registry.remove(KEY);
      return [];
    });
    const inForce: unknown[] = [];
    const store = intercept(world.ports.store, 'project', async (write) => {
      const written = await write();
      inForce.push((await projection())?.value);
      return written;
    });
    await project({ ...world.ports, registry, store }, KEY);
    expect(inForce).toEqual([undefined]);
  });

  it('keeps the settings of a crontab in force that came and went unseen', async () => {
    await world.ports.registry.write({ site: 'default' }, '{"timezone": "Asia/Tokyo"}');
    await world.edit(undefined, '{"timezone": 7}');
    const settings = await world.ports.store.readProjection({ site: 'default' });
    expect(settings?.value).toMatchObject({ timezone: 'Asia/Tokyo' });
  });

  it('is an error, and no rejection, when what came before it cannot be judged for a defect', async () => {
    await world.ports.registry.write(KEY, GOOD);
    await world.ports.registry.write(KEY, '{');
    const runners = {
      problems: () => {
        throw new TypeError('a defect');
      },
    };
    await expect(project({ ...world.ports, runners }, KEY)).rejects.toThrow('a defect');
  });

  it('that was never valid puts nothing in force', async () => {
    await world.edit('a', BAD);
    expect((await projection())?.value).toBeUndefined();
    expect(world.log.messages('warn')[0]).toMatch(
      /^Rejected version 1 of default\/a; nothing of it is in force\./,
    );
  });

  it('is in force again when it was mended, and its mark is gone', async () => {
    const unmarked: unknown[] = [];
    const registry = intercept(
      world.ports.registry,
      'unmarkRejected',
      async (call) => void unmarked.push(await call()),
    );
    await world.edit('a', BAD);
    await world.ports.registry.write(KEY, GOOD);
    await project({ ...world.ports, registry }, KEY);
    expect((await projection())?.problems).toBeUndefined();
    expect(unmarked).toHaveLength(1);
  });

  it('tells all problems of a crontab and of a site that cannot be', async () => {
    const found = (key: ParameterKey, value: string) => ({ ...key, value, version: 1, modified: 1 });
    // A folder has no such site, so the registry is said to.
    const acceptFrom = (parameter: Parameter) => {
      const reading = intercept(world.ports.registry, 'read', async () => parameter);
      const registry = intercept(reading, 'history', async () => [parameter]);
      return accept({ ...world.ports, registry }, parameter, parameter);
    };
    const wrong = { site: 'My_Site' };
    await acceptFrom(found(wrong, '{"activated": "yes"}'));
    const stored = await world.ports.store.readProjection(wrong);
    expect(stored?.problems?.map(({ where }) => where)).toEqual(['site', 'activated']);
    const fine = { site: 'My_Site', uid: 'a' };
    await acceptFrom(found(fine, GOOD));
    expect((await world.ports.store.readProjection(fine))?.problems).toEqual([
      {
        where: 'site',
        got: '"My_Site"',
        wanted: '1 to 16 lower-case letters, digits and dashes',
        cure: 'Make the parameter anew under a site of such a name.',
      },
    ]);
  });
});

describe('news of a parameter', () => {
  it('that comes twice changes nothing the second time', async () => {
    await world.edit('a', GOOD);
    await project(world.ports, KEY);
    expect(world.events).toHaveLength(1);
  });

  it('that is gone removes it, once', async () => {
    await world.edit('a', GOOD);
    await world.ports.registry.remove(KEY);
    await project(world.ports, KEY);
    await project(world.ports, KEY);
    expect(await projection()).toMatchObject({ removed: true });
    expect(world.eventTypes()).toEqual(['ModifiedCrontab', 'ModifiedCrontab']);
    expect(world.events.at(-1)).toMatchObject({ detail: { change: 'removed' } });
    expect(world.log.messages('info').at(-1)).toBe('Removed default/a');
  });

  it('that never was there is nothing', async () => {
    await project(world.ports, KEY);
    expect(await projection()).toBeUndefined();
  });

  it('of an older version that comes late changes nothing', async () => {
    await world.edit('a', GOOD);
    const old = await world.ports.registry.read(KEY);
    await world.edit('a', JSON.stringify({ name: 'task', periodicity: '@daily' }));
    if (!old) throw new Error('it was written before');
    await accept(world.ports, KEY, old);
    expect(await projection()).toMatchObject({ value: { periodicity: '@daily' } });
    expect(world.events).toHaveLength(2);
  });

  it('that was found absent does not remove what was made anew meanwhile', async () => {
    await world.edit('a', GOOD);
    await world.ports.registry.remove(KEY);
    const registry = intercept(world.ports.registry, 'read', async (read) => {
      const found = await read();
      if (!found) await world.edit('a', JSON.stringify({ name: 'task', periodicity: '@weekly' }));
      return found;
    });
    await project({ ...world.ports, registry }, KEY);
    expect(await projection()).toMatchObject({ value: { periodicity: '@weekly' } });
  });

  it('of a good version that comes late does not take the mark from a bad one', async () => {
    await world.edit('a', GOOD);
    const old = await world.ports.registry.read(KEY);
    await world.edit('a', BAD);
    const registry = intercept(world.ports.registry, 'unmarkRejected', () => Promise.reject(new Error('no')));
    if (!old) throw new Error('it was written before');
    await accept({ ...world.ports, registry }, KEY, old);
    expect(await projection()).toMatchObject({ version: 2, problems: [{ where: 'periodicity' }] });
  });

  it('of a bad version marks it also when it is known, since a late mark may have taken its place', async () => {
    let marks = 0;
    const registry = intercept(world.ports.registry, 'markRejected', async (mark) => {
      marks += 1;
      return mark();
    });
    await world.ports.registry.write(KEY, BAD);
    await project({ ...world.ports, registry }, KEY);
    await project({ ...world.ports, registry }, KEY);
    expect(marks).toBe(2);
    expect(world.events).toHaveLength(1);
  });

  it('of a bad version takes its mark away again when another one stands by then, of the same number perhaps', async () => {
    let unmarked = 0;
    const marking = intercept(world.ports.registry, 'markRejected', async (mark) => {
      await world.ports.registry.remove(KEY);
      await world.edit('a', GOOD);
      return mark();
    });
    const registry = intercept(marking, 'unmarkRejected', async (unmark) => {
      unmarked += 1;
      return unmark();
    });
    await world.ports.registry.write(KEY, BAD);
    await project({ ...world.ports, registry }, KEY);
    expect(unmarked).toBe(1);
    expect(await projection()).toMatchObject({ value: { periodicity: '0 * * * *' } });
  });

  it('that was read before its parameter was removed does not raise it', async () => {
    await world.edit('a', GOOD);
    const read = await world.ports.registry.read(KEY);
    if (!read) throw new Error('the parameter was not written');
    await world.ports.registry.remove(KEY);
    await project(world.ports, KEY);
    await accept(world.ports, KEY, read);
    expect(await projection()).toMatchObject({ removed: true });
  });

  it('is read again until the projection shows the truth', async () => {
    await world.edit('a', GOOD);
    let edits = 1;
    const store = intercept(world.ports.store, 'project', async (write) => {
      const written = await write();
      if (edits-- > 0)
        await world.ports.registry.write(KEY, JSON.stringify({ name: 'task', periodicity: '@weekly' }));
      return written;
    });
    await world.ports.registry.write(KEY, JSON.stringify({ name: 'task', periodicity: '@daily' }));
    await project({ ...world.ports, store }, KEY);
    expect(await projection()).toMatchObject({ value: { periodicity: '@weekly' } });
  });

  it('of a parameter that never stops changing fails, to be repeated', async () => {
    let times = 0;
    const registry = intercept(world.ports.registry, 'read', async () => ({
      ...KEY,
      value: GOOD,
      version: ++times,
      modified: times,
    }));
    await expect(project({ ...world.ports, registry }, KEY)).rejects.toThrow(
      'The parameter of default/a changed 10 times while it was read.',
    );
  });

  it.each(['readProjection', 'project'] as const)(
    'is handled by a repetition when %s failed',
    async (method) => {
      await world.ports.registry.write(KEY, BAD);
      const store = faulty(world.ports.store, method, 'before');
      await expect(project({ ...world.ports, store }, KEY)).rejects.toThrow(`${method} failed`);
      await project(world.ports, KEY);
      expect(await projection()).toMatchObject({ problems: [{ where: 'periodicity' }] });
    },
  );
});

describe('a runner check that is broken', () => {
  it('is an error, and no rejection', async () => {
    const runners = {
      problems: () => {
        throw new TypeError('a defect');
      },
    };
    await world.ports.registry.write(KEY, GOOD);
    await expect(project({ ...world.ports, runners }, KEY)).rejects.toThrow('a defect');
    expect(await projection()).toBeUndefined();
  });
});
