import { describe, expect, it } from 'vitest';
import type { WireAnswer } from '../../lib/adapters/wire-answer.ts';
import { remoteCall } from '../../lib/client/remote-call.ts';
import {
  AlreadyExistsError,
  CloudtabError,
  ConfigurationError,
  ConflictError,
  ForbiddenError,
  InvalidError,
  NotFoundError,
  ReadOnlyError,
  ThrottledError,
  TimeoutError,
  UnavailableError,
  VersionConflictError,
} from '../../lib/core/domain/errors.ts';
import { httpProblemOf } from '../../lib/surfaces/web/http-error.ts';
import { problemJson } from '../../lib/surfaces/web/problem-json.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** A call whose answers are given, one after the other; the last one again and again. */
function callAnswered(...answers: WireAnswer[]) {
  const sent: string[] = [];
  const clock = new VirtualClock(0);
  const call = remoteCall({
    wire: async (path, json) => {
      sent.push(`${path} ${json}`);
      return (answers.length > 1 ? answers.shift() : answers[0]) as WireAnswer;
    },
    where: 'the scheduler, process 5, at http://127.0.0.1:7000',
    clock,
    outdated: 'Deploy it again.',
    explain: ({ status }) => new UnavailableError(`It answered with status ${status}.`),
  });
  return { call, sent, clock };
}

const problem = async (error: unknown): Promise<WireAnswer> => {
  const answer = problemJson(httpProblemOf(error));
  return { status: answer.status, text: await answer.text() };
};

describe('a call that another process does', () => {
  it('A call sends the operation, its place and its input, and returns the answer', async () => {
    const { call, sent } = callAnswered({ status: 200, text: '{"items":["default"]}' });
    expect(await call('siteNames', {}, {})).toEqual({ items: ['default'] });
    await call('readRuns', { site: 'shop' }, { uid: 'a' }).catch(() => undefined);
    expect(sent).toEqual([
      '/calls/siteNames {"input":{}}',
      '/calls/readRuns {"site":"shop","input":{"uid":"a"}}',
    ]);
  });

  it.each([
    ['{}', '"items" is not an array'],
    ['{"items":[],"crontab":[]}', '"crontab" is not an object'],
    ['[]', 'it is no object'],
    ['<html></html>', 'it is no object'],
  ])('The answer %s of another program is refused with the address', async (text, problem) => {
    const { call } = callAnswered({ status: 200, text });
    await expect(call('listCrons', { site: 'shop' }, {})).rejects.toThrow(
      new UnavailableError(
        `What answered "listCrons" is not the scheduler, process 5, at http://127.0.0.1:7000: ${problem}. Does another program listen there?`,
      ),
    );
  });

  it.each([
    new InvalidError([{ where: 'timeout', got: '-1', wanted: 'seconds', fix: 'Choose some.' }]),
    new NotFoundError('gone'),
    new ConflictError('no'),
    new ReadOnlyError('shop'),
    new AlreadyExistsError('shop', 'a'),
    new ForbiddenError('no role'),
    new TimeoutError('late'),
    new UnavailableError('closed'),
    new ConfigurationError('wrong'),
    new VersionConflictError('changed', 'tag-2', [{ field: 'timeout', kind: 'changed', was: 1, is: 2 }]),
    new CloudtabError('failed'),
  ])('The error of an operation is thrown as it was: $name', async (error) => {
    const { call } = callAnswered(await problem(error));
    const thrown = await call('readCron', { site: 'shop', uid: 'a' }).catch((caught: unknown) => caught);
    expect(thrown).toStrictEqual(error);
  });

  it('The uid of a new cron that exists already is that of its fields', async () => {
    const { call } = callAnswered(await problem(new AlreadyExistsError('shop', 'a')));
    await expect(call('addCron', { site: 'shop' }, { uid: 'a' })).rejects.toThrow(
      new AlreadyExistsError('shop', 'a'),
    );
  });

  it('An operation that is unknown there says what to do', async () => {
    const text = JSON.stringify({ code: 'unknown-operation', detail: 'What is this?' });
    const { call } = callAnswered({ status: 404, text });
    await expect(call('siteNames', {}, {})).rejects.toThrow('What is this? Deploy it again.');
  });

  it.each(['<html>', '{}', '[]'])(
    'An answer that is no problem of cloudtab is explained: %s',
    async (text) => {
      const { call } = callAnswered({ status: 502, text });
      await expect(call('siteNames', {}, {})).rejects.toThrow('It answered with status 502.');
    },
  );

  it('A call that was throttled is tried again after pauses that grow', async () => {
    const throttled = await problem(new ThrottledError('slowly'));
    const { call, sent, clock } = callAnswered(throttled, throttled, { status: 200, text: '{"items":[]}' });
    const called = call('siteNames', {}, {});
    await clock.advance(5_000);
    expect(sent).toHaveLength(2);
    await clock.advance(1_000);
    expect(await called).toEqual({ items: [] });
  });

  it.each([
    ['longer than its own pause', '7', 7_000],
    ['shorter than its own pause', '1', 2_000],
    ['as a date', 'Wed, 21 Oct 2026 07:28:00 GMT', 2_000],
    ['for an hour', '3600', 60_000],
  ])(
    'A call waits as long as Retry-After asks for, at least two seconds and at most one minute: %s',
    async (_, retryAfter, pauseMs) => {
      const throttled = { ...(await problem(new ThrottledError('slowly'))), retryAfter };
      const { call, sent, clock } = callAnswered(throttled, { status: 200, text: '{"items":[]}' });
      const called = call('siteNames', {}, {});
      await clock.advance(pauseMs - 1);
      expect(sent).toHaveLength(1);
      await clock.advance(1);
      expect(await called).toEqual({ items: [] });
    },
  );

  it('The fields of a refusal that are not what they should be are left out', async () => {
    const refusals = [
      { code: 'invalid', problems: 'all' },
      { code: 'invalid', problems: [null, { where: 1, got: 'x' }] },
      { code: 'version-conflict', detail: {}, changes: [1], tag: 2 },
      { code: 7, detail: 'seven' },
    ];
    const errors = refusals.map(async (refusal) => {
      const { call } = callAnswered({ status: 400, text: JSON.stringify(refusal) });
      return call('siteNames', {}, {}).catch((error: unknown) => error);
    });
    expect(await Promise.all(errors)).toEqual([
      new InvalidError([]),
      new InvalidError([{ where: '', got: 'x', wanted: '', fix: '' }]),
      new VersionConflictError('', '', []),
      new CloudtabError('seven'),
    ]);
  });

  it('A call that is throttled again and again fails', async () => {
    const { call, sent, clock } = callAnswered(await problem(new ThrottledError('slowly')));
    const refused = expect(call('siteNames', {}, {})).rejects.toThrow(ThrottledError);
    await clock.advance(60_000);
    await refused;
    expect(sent).toHaveLength(6);
  });
});
