import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { each } from '../../../lib/app/operations/each.ts';
import { NotFoundError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import { pause } from '../../../lib/core/ports/clock.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const uids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const OK = { message: '', changed: true };

/** Each action takes so many seconds. */
function slowly(seconds: Readonly<Record<string, number>>, mayRepeat = true) {
  const clock = new VirtualClock(0);
  const begun: string[] = [];
  const result = each(uids, { clock, verb: 'Removed', mayRepeat }, async (uid) => {
    begun.push(uid);
    await pause(clock, (seconds[uid] ?? 0) * 1_000);
    return OK;
  });
  return { clock, begun, result };
}

describe('several crons in the time of one request', () => {
  it('After 20 seconds no other cron is begun, and those that are not reached are left', async () => {
    const { clock, begun, result } = slowly({ a: 20, b: 20, c: 20, d: 20, e: 21 });
    await clock.advance(22_000);
    expect(await result).toEqual({
      message: 'Removed 5 crons. 2 crons not done in time: ask again.',
      changed: true,
      done: ['a', 'b', 'c', 'd', 'e'],
      refused: [],
      left: ['f', 'g'],
    });
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(clock.waiting).toBe(0);
  });

  it('After 25 seconds it answers without those that were begun, whose effect is not known', async () => {
    const { clock, result } = slowly({ b: 19, f: 40, g: 26 });
    let answer: unknown;
    void result.then((value) => {
      answer = value;
    });
    await clock.advance(24_999);
    expect(answer).toBeUndefined();
    await clock.advance(1);
    expect(answer).toMatchObject({
      message:
        'Removed 5 crons. 2 crons not done in time; whether 2 of them changed nevertheless is not known: ask again.',
      done: ['a', 'b', 'c', 'd', 'e'],
      left: ['f', 'g'],
    });
  });

  it('What ends after the answer changes nothing in it, and a later defect harms no process', async () => {
    const clock = new VirtualClock(0);
    const answer = each(['a', 'b'], { clock, verb: 'Removed' }, async (uid) => {
      if (uid === 'a') return OK;
      await pause(clock, 29_000);
      throw new TypeError('a defect');
    });
    await clock.advance(25_000);
    const result = await answer;
    await clock.advance(10_000);
    await turn();
    expect(result).toMatchObject({ done: ['a'], left: ['b'] });
  });

  it('An action that may not be repeated is refused as unknown instead of being asked for again', async () => {
    const { clock, result } = slowly({ a: 19, b: 19, c: 19, d: 19, e: 30, f: 30, g: 30 }, false);
    await clock.advance(25_000);
    const { left, refused, message } = await result;
    const reason = '"e" did not end in time, and may have had its effect: look before you ask again.';
    expect(left).toEqual([]);
    expect(refused.map(({ uid, code }) => `${uid} ${code}`)).toEqual(['e timeout', 'f timeout', 'g timeout']);
    expect(message).toContain(`3 crons refused: ${reason}`);
  });

  it('It fails if no cron is done in time, so that a repetition ends', async () => {
    const { clock, result } = slowly({ a: 30, b: 30, c: 30, d: 30, e: 30 });
    const refused = expect(result).rejects.toThrow(
      new UnavailableError(
        'No cron was done within 25 s; whether one that was begun has changed is not known. Look, then try again.',
      ),
    );
    await clock.advance(25_000);
    await refused;
  });
});

it('The message names three reasons, each cut, and the others are counted', async () => {
  const clock = new VirtualClock(0);
  const { message, refused } = await each(uids, { clock, verb: 'Removed' }, async (uid) => {
    throw new NotFoundError(`${uid}: ${'long '.repeat(1_000)}`);
  });
  expect(message).toMatch(
    /^Removed 0 crons\. 7 crons refused: a: long .+… b: long .+… c: long .+… And 4 more\.$/,
  );
  expect(message.length).toBeLessThan(1_600);
  expect(refused[6]?.reason).toMatch(/^g: /);
});
