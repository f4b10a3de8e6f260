/** Links to the lines of a run in CloudWatch Logs, where IAM decides who may read them. */
import type { RunSpan } from '../../core/ports/run-output.ts';

/** Lines may be stamped a little before the run counts as started, and the last ones after it ended. */
const AROUND = 60_000;

export class LogGroupOutput {
  readonly #group: string;
  readonly #region: string;

  constructor(group: string, region: string) {
    this.#group = group;
    this.#region = region;
  }

  /** The console's page of the group's lines that name the run, around its time. */
  address({ runId, from, to }: RunSpan): string {
    const filter = encodeURIComponent(`"${runId}"`);
    const query = `?filterPattern=${filter}&start=${from - AROUND}&end=${to + AROUND}`;
    const host = `${this.#region}.console.${domainOf(this.#region)}`;
    const place = `log-groups/log-group/${quoted(encodeURIComponent(this.#group))}/log-events${quoted(query)}`;
    return `https://${host}/cloudwatch/home?region=${this.#region}#logsV2:${place}`;
  }
}

/** As the console writes addresses behind the `#`: encoded, with `$` for `%`. */
function quoted(text: string): string {
  return encodeURIComponent(text).replaceAll('%', '$');
}

function domainOf(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.cn';
  return region.startsWith('us-gov-') ? 'amazonaws-us-gov.com' : 'aws.amazon.com';
}
