/** `cloudtab why UID [TIME]`: explains why a cron ran, did not run or will run at a time. */
import { dumpWhy } from '../../app/door/json.ts';
import type { Client } from '../../client/client.ts';
import { parseTime } from '../../core/domain/parse-time.ts';
import { type JsonOptions, jsonText } from './output.ts';
import { withSuggestions } from './suggest.ts';
import { fitting } from './table.ts';

/** The text to print. Without a time it is that of the present minute. Throws InvalidError, NotFoundError. */
export async function explainTime(
  client: Client,
  site: string,
  uid: string,
  time: string,
  { json }: JsonOptions,
): Promise<string> {
  const answer = await withSuggestions(client, site, uid, async () => {
    const { timezone } = await client.call('readCron', { site, uid });
    const now = client.now();
    const instant = parseTime(time, { option: 'TIME', now, base: now, timezone });
    return client.call('why', { site, uid }, { time: new Date(instant).toISOString() });
  });
  if (json) return jsonText({ site, uid, ...dumpWhy(answer) });
  const { verdict, runId } = answer;
  const hasOutput = runId !== undefined && (verdict === 'ran' || verdict === 'running');
  const facts = hasOutput
    ? [...answer.facts, `Its output: cloudtab logs ${uid} --run ${runId} --site ${site} ${client.option}`]
    : answer.facts;
  return fitting([answer.text, ...facts.map((fact) => `- ${fact}`)].join('\n'));
}
