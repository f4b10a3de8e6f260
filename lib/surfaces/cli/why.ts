/** `cloudtab why UID [TIME]`: explains why a cron ran, did not run or will run at a time. */
import { dumpWhy } from '../../app/door/json.ts';
import type { CronView } from '../../app/operations/cron-view.ts';
import { weekdayTime } from '../../app/operations/local-time.ts';
import type { WhyAnswer } from '../../app/operations/why.ts';
import type { Client } from '../../client/client.ts';
import { Cron } from '../../core/domain/cron.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import { offText } from '../../core/domain/off.ts';
import { parseTime } from '../../core/domain/parse-time.ts';
import { timeZoneProblems } from '../../core/domain/time-zone-problems.ts';
import { type JsonOptions, jsonText } from './output.ts';
import { withSuggestions } from './suggest.ts';
import { fitting } from './table.ts';

export interface WhyOptions extends JsonOptions {
  /** The IANA name of the zone of all times; that of the schedule by default. */
  readonly timezone?: string;
}

/**
 * The text to print. Without a time it is about the run in progress, else the latest run, else the next planned time, and says
 * when the cron runs next. Throws InvalidError, NotFoundError.
 */
export async function explainTime(
  client: Client,
  site: string,
  uid: string,
  time: string | undefined,
  { json, timezone }: WhyOptions,
): Promise<string> {
  const wrongZone = timezone === undefined ? [] : timeZoneProblems(timezone);
  if (wrongZone.length > 0) throw new InvalidError(wrongZone);
  const { cron, answer } = await withSuggestions(client, site, uid, async () => {
    const cron = await client.call('readCron', { site, uid });
    const now = client.now();
    const instant =
      time === undefined
        ? (latestTime(cron, now) ?? now)
        : parseTime(time, { option: 'TIME', now, base: now, timezone: timezone ?? cron.timezone });
    const request = { time: new Date(instant).toISOString(), ...(timezone !== undefined && { timezone }) };
    return { cron, answer: await client.call('why', { site, uid }, request) };
  });
  if (json) return jsonText({ site, uid, ...dumpWhy(answer) });
  const { verdict, logId } = answer;
  const hasOutput = logId !== undefined && (verdict === 'ran' || verdict === 'running');
  const facts = [
    ...answer.facts,
    ...(time === undefined ? nextFacts({ ...cron, timezone: timezone ?? cron.timezone }, answer) : []),
    ...(hasOutput ? [`Its output: cloudtab logs ${uid} --run ${logId} --site ${site} ${client.option}`] : []),
  ];
  return fitting([answer.text, ...facts.map((fact) => `- ${fact}`)].join('\n'));
}

/** In epoch milliseconds. For a cron that is off and has never run, its next time if it were on. */
function latestTime({ definition, timezone, job }: CronView, now: number): number | undefined {
  const latest = job.runs.at(-1) ?? job.last;
  return latest?.plannedAt ?? job.next ?? (definition && new Cron(definition).next(now, timezone));
}

/** When it runs next, or that it is off, unless the answer says so. */
function nextFacts({ timezone, job, off }: CronView, { verdict, plannedAt }: WhyAnswer): string[] {
  if (off) {
    return verdict === 'off' ? [] : [`It is off since ${weekdayTime(off.since, timezone)}${offText(off)}.`];
  }
  return job.next === undefined || job.next === plannedAt
    ? []
    : [`It runs next at ${weekdayTime(job.next, timezone)}.`];
}
