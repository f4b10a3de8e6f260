// cspell:ignore Fcloudtab Ffilter
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { LogGroupOutput } from '../../../lib/adapters/aws/log-group-output.ts';
import { ThrottledError } from '../../../lib/core/domain/errors.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const RUN = { runId: 'run-1', from: 1_000_000, to: 2_000_000 };
const MINUTE = 60_000;

const logs = mockClient(CloudWatchLogsClient);
beforeEach(() => logs.reset());

const clock = new VirtualClock(RUN.to);
const outputOf = (group: string, region: string) =>
  new LogGroupOutput({ client: new CloudWatchLogsClient({ region }), clock, group, region });

/** A log event as a run writes it. */
function event(timestamp: number, message: string, fields: object = {}) {
  const line = {
    timestamp: new Date(timestamp).toISOString(),
    level: 'INFO',
    message,
    runId: 'run-1',
    ...fields,
  };
  return { timestamp, message: JSON.stringify(line) };
}

function messages({ lines }: { readonly lines: readonly { readonly message: string }[] }): string[] {
  return lines.map(({ message }) => message);
}

describe('LogGroupOutput.read', () => {
  it('LogGroupOutput.read searches the log group for the lines of the run, around its time', async () => {
    logs
      .on(FilterLogEventsCommand)
      .resolves({ events: [event(1_000_001, 'begun', { rows: 3, site: 'shop' })] });
    expect(await outputOf('/cloudtab/Run', 'eu-west-1').read(RUN)).toEqual({
      lines: [{ time: 1_000_001, level: 'INFO', message: 'begun', fields: { rows: 3 } }],
      cursor: '1000001.1',
      hasMore: false,
    });
    expect(logs.commandCalls(FilterLogEventsCommand)[0]?.args[0].input).toEqual({
      logGroupName: '/cloudtab/Run',
      startTime: RUN.from - MINUTE,
      endTime: RUN.to + MINUTE,
      filterPattern: '"run-1"',
    });
  });

  it('The lines after a cursor leave out those of its time that were read, also when others have that time', async () => {
    const events = [event(1_000_005, 'one'), event(1_000_007, 'two'), event(1_000_007, 'three')];
    const output = outputOf('group', 'eu-west-1');
    logs.on(FilterLogEventsCommand).resolvesOnce({ events: events.slice(0, 2) });
    const { cursor } = await output.read(RUN);
    expect(cursor).toBe('1000007.1');
    logs.on(FilterLogEventsCommand).resolves({ events: events.slice(1) });
    const next = await output.read(RUN, cursor);
    expect(messages(next)).toEqual(['three']);
    expect(next.cursor).toBe('1000007.2');
    expect(logs.commandCalls(FilterLogEventsCommand)[1]?.args[0].input).toMatchObject({
      startTime: 1_000_007,
    });
    expect((await output.read(RUN, '1000009.0')).cursor).toBe('1000007.2');
  });

  it('A page of long lines ends before it exceeds 1 MB, and the next one has the others', async () => {
    const fields = { quotes: '"'.repeat(70_000) };
    const events = [1, 2, 3, 4, 5].map((time) => event(1_000_000 + time, `line ${time}`, fields));
    const output = outputOf('group', 'eu-west-1');
    logs.on(FilterLogEventsCommand).resolvesOnce({ events });
    const first = await output.read(RUN);
    expect(JSON.stringify(first).length).toBeLessThan(1_000_000);
    expect([messages(first), first.hasMore]).toEqual([['line 1', 'line 2', 'line 3'], true]);
    logs.on(FilterLogEventsCommand).resolves({ events: events.slice(2) });
    const next = await output.read(RUN, first.cursor);
    expect([messages(next), next.hasMore]).toEqual([['line 4', 'line 5'], false]);
  });

  it('A cursor of another form is ignored', async () => {
    logs.on(FilterLogEventsCommand).resolves({});
    const { cursor } = await outputOf('group', 'eu-west-1').read(RUN, '20000.17.x');
    expect(cursor).toBe(`${RUN.from - MINUTE}.0`);
  });

  it('A cursor from before the run makes no longer search', async () => {
    logs.on(FilterLogEventsCommand).resolves({});
    await outputOf('group', 'eu-west-1').read(RUN, '0.0');
    expect(logs.commandCalls(FilterLogEventsCommand)[0]?.args[0].input).toMatchObject({
      startTime: RUN.from - MINUTE,
    });
  });

  it('Empty parts of a search are skipped, and a part with lines says whether there may be more', async () => {
    logs
      .on(FilterLogEventsCommand)
      .resolvesOnce({ nextToken: 'a' })
      .resolvesOnce({ events: [event(5, 'one')], nextToken: 'b' });
    const page = await outputOf('group', 'eu-west-1').read(RUN);
    expect(page).toMatchObject({ hasMore: true, cursor: '5.1' });
    expect(messages(page)).toEqual(['one']);
    expect(logs.commandCalls(FilterLogEventsCommand)[1]?.args[0].input).toMatchObject({ nextToken: 'a' });
  });

  it('A search ends after twenty empty parts', async () => {
    logs.on(FilterLogEventsCommand).resolves({ nextToken: 'more' });
    expect(await outputOf('group', 'eu-west-1').read(RUN)).toMatchObject({ lines: [], hasMore: true });
    expect(logs.commandCalls(FilterLogEventsCommand)).toHaveLength(20);
  });

  it('A line that is no JSON object or of another run is left out', async () => {
    const other = event(6, 'not of run-1', { runId: 'run-2' });
    logs.on(FilterLogEventsCommand).resolves({ events: [{ timestamp: 5, message: 'run-1' }, {}, other] });
    expect(await outputOf('group', 'eu-west-1').read(RUN)).toMatchObject({ lines: [], cursor: '6.1' });
  });

  it('Readers of the same lines share one search a second', async () => {
    logs.on(FilterLogEventsCommand).resolves({});
    const output = outputOf('group', 'eu-west-1');
    await Promise.all([output.read(RUN), output.read(RUN)]);
    expect(logs.commandCalls(FilterLogEventsCommand)).toHaveLength(1);
    await clock.advance(1_000);
    await output.read(RUN);
    expect(logs.commandCalls(FilterLogEventsCommand)).toHaveLength(2);
  });

  it('A throttled search is a ThrottledError, and the next reader searches again', async () => {
    const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    logs.on(FilterLogEventsCommand).rejectsOnce(throttled).resolves({});
    const output = outputOf('group', 'eu-west-1');
    await expect(output.read(RUN)).rejects.toThrow(ThrottledError);
    expect((await output.read(RUN)).lines).toEqual([]);
  });
});

describe('LogGroupOutput.address', () => {
  it('LogGroupOutput.address returns a console page of the log group, filtered by run and time', () => {
    expect(outputOf('/cloudtab/Run', 'eu-west-1').address(RUN)).toBe(
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/' +
        '$252Fcloudtab$252FRun/log-events' +
        '$3FfilterPattern$3D$2522run-1$2522$26start$3D940000$26end$3D2060000',
    );
  });

  it.each([
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
    ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ])('LogGroupOutput.address uses the console of the partition of %s', (region, address) => {
    expect(outputOf('group', region).address(RUN).startsWith(address)).toBe(true);
  });
});
