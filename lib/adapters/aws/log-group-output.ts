/** Reads the output of runs from a log group, and links to it in the console of AWS. */
import { type CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { OutputPage, RunOutput, RunSpan } from '../../core/ports/run-output.ts';
import { MAX_PAGE_BYTES, outputLine, parsePosition } from '../output-line.ts';
import { translatingErrors } from './errors.ts';

/** Log events may have a time slightly before the start of the run or after its end. In milliseconds. */
const MARGIN = 60_000;

/** All pages that show a run share an answer for so long, in milliseconds: an account may ask a few times a second only. */
const FRESH_FOR = 1_000;

/** CloudWatch searches a large log group in parts, of which many are empty. */
const MAX_PARTS = 20;

export interface LogGroupOptions {
  readonly client: CloudWatchLogsClient;
  readonly clock: Clock;
  /** The name of the log group. */
  readonly group: string;
  readonly region: string;
}

/** The time of the last lines that were read, and how many of them have that time. */
interface Position {
  readonly time: number;
  readonly count: number;
}

export class LogGroupOutput implements Required<RunOutput> {
  readonly delayMs = 5_000;
  readonly #options: LogGroupOptions;
  readonly #answers = new Map<string, { readonly until: number; readonly page: Promise<OutputPage> }>();

  constructor(options: LogGroupOptions) {
    this.#options = options;
  }

  /** At most 1 MB. One search, more if the log group is large, none if the same was read less than a second ago. Throws ThrottledError. */
  read(run: RunSpan, cursor = ''): Promise<OutputPage> {
    const now = this.#options.clock.now();
    for (const [key, { until }] of this.#answers) if (until <= now) this.#answers.delete(key);
    const key = `${run.runId} ${cursor}`;
    const known = this.#answers.get(key);
    if (known) return known.page;
    const first = run.from - MARGIN;
    const [time, count] = parsePosition(cursor) ?? [first, 0];
    // A caller may have made the cursor: what is older is no output of the run, and a long search.
    const page = this.#search(run, time < first ? { time: first, count: 0 } : { time, count });
    this.#answers.set(key, { until: now + FRESH_FOR, page });
    page.catch(() => this.#answers.delete(key));
    return page;
  }

  /** The address of a console page that lists the log events of the run, by its ID and time. */
  address({ runId, from, to }: RunSpan): string {
    const { group, region } = this.#options;
    const filter = encodeURIComponent(JSON.stringify(runId));
    const query = `?filterPattern=${filter}&start=${from - MARGIN}&end=${to + MARGIN}`;
    const host = consoleHost(region);
    const path = `log-groups/log-group/${encodeFragment(encodeURIComponent(group))}/log-events${encodeFragment(query)}`;
    return `https://${host}/cloudwatch/home?region=${region}#logsV2:${path}`;
  }

  async #search({ runId, to }: RunSpan, start: Position): Promise<OutputPage> {
    const { client, group } = this.#options;
    const found: { readonly timestamp: number; readonly message: string }[] = [];
    let token: string | undefined;
    for (
      let part = 0;
      part < MAX_PARTS && found.length === 0 && (part === 0 || token !== undefined);
      part++
    ) {
      const search = new FilterLogEventsCommand({
        logGroupName: group,
        startTime: start.time,
        endTime: to + MARGIN,
        filterPattern: JSON.stringify(runId),
        nextToken: token,
      });
      const { events = [], nextToken } = await translatingErrors('Cannot read the output of the run', () =>
        client.send(search),
      );
      const all = events.map(({ timestamp = 0, message = '' }) => ({ timestamp, message }));
      // The search begins at the last time that was read, and finds those lines again.
      const known =
        part === 0 ? all.filter(({ timestamp }) => timestamp === start.time).slice(0, start.count) : [];
      found.push(...all.filter((event) => !known.includes(event)));
      token = nextToken;
    }
    const page = beginningOf(found);
    const lines = page.flatMap(({ message }) => {
      const line = parseJsonObject(message);
      return line?.runId === runId ? [outputLine(line)] : [];
    });
    return {
      lines,
      cursor: cursorAfter(start, page),
      hasMore: token !== undefined || page.length < found.length,
    };
  }
}

/** As many as fit on a page; one at least. A line in the text of a field is longer than by itself. */
function beginningOf<Event extends { readonly message: string }>(found: readonly Event[]): readonly Event[] {
  let bytes = 0;
  const over = found.findIndex(({ message }, index) => {
    bytes += Buffer.byteLength(JSON.stringify(message));
    return index > 0 && bytes > MAX_PAGE_BYTES;
  });
  return over === -1 ? found : found.slice(0, over);
}

function cursorAfter(start: Position, found: readonly { readonly timestamp: number }[]): string {
  const time = found.at(-1)?.timestamp ?? start.time;
  const count = found.filter(({ timestamp }) => timestamp === time).length;
  return `${time}.${time === start.time ? start.count + count : count}`;
}

/** Percent-encodes text for the fragment of a console address, which has `$` in place of `%`. */
export function encodeFragment(text: string): string {
  return encodeURIComponent(text).replaceAll('%', '$');
}

/** The host of the console of the region, for example `eu-west-1.console.aws.amazon.com`. */
export function consoleHost(region: string): string {
  return `${region}.console.${domainOf(region)}`;
}

function domainOf(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.cn';
  return region.startsWith('us-gov-') ? 'amazonaws-us-gov.com' : 'aws.amazon.com';
}
