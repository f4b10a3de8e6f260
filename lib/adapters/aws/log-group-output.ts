/** Links to the output of a run in CloudWatch Logs, where IAM controls read access. */
import type { RunSpan } from '../../core/ports/run-output.ts';

/** Log events may have a time slightly before the start of the run or after its end. In milliseconds. */
const MARGIN = 60_000;

export class LogGroupOutput {
  readonly #group: string;
  readonly #region: string;

  constructor(group: string, region: string) {
    this.#group = group;
    this.#region = region;
  }

  /** The address of a console page that lists the log events of the run, by its ID and time. */
  address({ runId, from, to }: RunSpan): string {
    const filter = encodeURIComponent(`"${runId}"`);
    const query = `?filterPattern=${filter}&start=${from - MARGIN}&end=${to + MARGIN}`;
    const host = consoleHost(this.#region);
    const path = `log-groups/log-group/${encodeFragment(encodeURIComponent(this.#group))}/log-events${encodeFragment(query)}`;
    return `https://${host}/cloudwatch/home?region=${this.#region}#logsV2:${path}`;
  }
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
