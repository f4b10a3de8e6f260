import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { answerCustomResource } from '../../../lib/adapters/aws/custom-resource.ts';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import { BusyClock } from '../../support/busy-clock.ts';

const URL = 'https://cloudformation.example/report?signature=abc';
const IDS = { StackId: 'stack-1', RequestId: 'request-1', LogicalResourceId: 'Deployment' };

function eventOf(RequestType: 'Create' | 'Update' | 'Delete') {
  const event = {
    ...IDS,
    RequestType,
    ServiceToken: 'setup',
    ResourceType: 'Custom::Deployment',
    ResponseURL: URL,
    ResourceProperties: { ServiceToken: 'setup', access: ['a'] },
    ...(RequestType !== 'Create' && { PhysicalResourceId: 'former' }),
  };
  return event as CloudFormationCustomResourceEvent;
}

/** Answers an event, and returns the work and the reports. */
async function answer({
  type = 'Create' as 'Create' | 'Update' | 'Delete',
  work = vi.fn(async (_properties: object): Promise<string | undefined> => undefined),
  remove = vi.fn(async (_id: string) => {}),
  fetch = vi.fn<typeof globalThis.fetch>(async () => new Response()),
}) {
  const clock = new BusyClock(0);
  const done = answerCustomResource(eventOf(type), { work, remove, fetch, clock });
  const error = await done.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { work, remove, requests: fetch.mock.calls, report: reportIn(fetch.mock.lastCall), clock, error };
}

function reportIn(call: Parameters<typeof globalThis.fetch> | undefined) {
  return JSON.parse(String(call?.[1]?.body));
}

describe('answerCustomResource', () => {
  it.each(['Create', 'Update'] as const)(
    'The work is done at the event %s, and its success is reported',
    async (type) => {
      const { work, requests, report } = await answer({ type });
      expect(work).toHaveBeenCalledExactlyOnceWith({ ServiceToken: 'setup', access: ['a'] });
      expect(requests).toEqual([
        [URL, { method: 'PUT', headers: { 'content-type': '' }, body: expect.any(String) }],
      ]);
      expect(report).toEqual({ ...IDS, PhysicalResourceId: 'Deployment', Status: 'SUCCESS' });
    },
  );

  it('A resource is removed by its id, without the other work', async () => {
    const { work, remove, report } = await answer({ type: 'Delete' });
    expect(work).not.toHaveBeenCalled();
    expect(remove).toHaveBeenCalledExactlyOnceWith('former');
    expect(report).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'former' });
  });

  it('A resource gets the id that the work returns, so that CloudFormation removes the former one', async () => {
    const { remove, report } = await answer({ type: 'Update', work: vi.fn(async () => 'next') });
    expect(report).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'next' });
    expect(remove).not.toHaveBeenCalled();
  });

  it('A resource whose change failed keeps its id, so that a rollback removes nothing that is in use', async () => {
    const { report } = await answer({ type: 'Update', work: vi.fn(async () => Promise.reject(new Error())) });
    expect(report).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'former' });
  });

  it.each([
    ['an error', new ConfigurationError('another format'), 'another format'],
    ['something else', 'no error', 'no error'],
  ])('Work that throws %s fails the deployment with the reason', async (_, thrown, Reason) => {
    const { report, error } = await answer({ work: vi.fn(async () => Promise.reject(thrown)) });
    expect(report).toEqual({ ...IDS, PhysicalResourceId: 'Deployment', Status: 'FAILED', Reason });
    expect(error).toBeUndefined();
  });

  it('A long reason is cut, so that CloudFormation accepts the report', async () => {
    const long = new Error('日'.repeat(5_000));
    const { requests } = await answer({ work: vi.fn(async () => Promise.reject(long)) });
    expect(Buffer.byteLength(String(requests[0]?.[1]?.body))).toBeLessThan(4_096);
  });

  it('A report that does not arrive is sent three times, with pauses', async () => {
    const fetch = vi
      .fn<typeof globalThis.fetch>()
      .mockRejectedValueOnce(new Error('no network'))
      .mockResolvedValueOnce(new Response('', { status: 503 }))
      .mockResolvedValueOnce(new Response());
    const { work, requests, clock, error } = await answer({ fetch });
    expect([work.mock.calls.length, requests.length, clock.pauses]).toEqual([1, 3, [1_000, 5_000]]);
    expect(error).toBeUndefined();
  });

  it.each([
    [
      'cannot be reached',
      async () => Promise.reject(new Error('no network')),
      'CloudFormation cannot be reached. Deploy again.',
    ],
    [
      'refuses the report',
      async () => new Response('', { status: 403 }),
      'CloudFormation refused the report with 403. Deploy again.',
    ],
  ])('The Lambda fails if CloudFormation %s', async (_, fetch, message) => {
    const { error } = await answer({ fetch: vi.fn<typeof globalThis.fetch>(fetch) });
    expect(error).toEqual(new UnavailableError(message));
  });
});
