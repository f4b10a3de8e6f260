/** Previews the periodicity of a cron of a crontab, with the other crons that start at the same time. */
import { parseExpression } from '../../core/domain/expression.ts';
import { iso } from '../../core/domain/iso.ts';
import { nextRun } from '../../core/domain/next-run.ts';
import { cronInForce, settingsInForce } from '../../core/domain/projection.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import { CROWDED, countedCrons, isSeldom, spreadHint } from './crowd.ts';
import { type Preview, type PreviewRequest, preview } from './preview.ts';

export interface CronPreview extends Preview {
  /** The time zone that was given, or that of the crontab. */
  readonly timezone: string;
  /** That many other crons start at the time of one of its runs, in ISO 8601, and how to spread them; absent if there are few. */
  readonly crowd?: string;
}

/**
 * `timezone` is that of the crontab by default. Never throws for invalid input. Reads the site at most once: for its time zone,
 * or because the periodicity is valid and so seldom that a crowd counts.
 */
export async function previewCron(
  { clock, store }: Pick<OperationPorts, 'clock' | 'store'>,
  site: string,
  input: Omit<PreviewRequest, 'timezone'> & { readonly timezone?: string | undefined },
): Promise<CronPreview> {
  const early = input.timezone === undefined ? await store.readSite(site) : undefined;
  const { periodicity, timezone = settingsInForce(early?.crontab).timezone, uid = '' } = input;
  const shown = { ...preview({ clock }, { ...input, timezone }), timezone };
  if (shown.runs.length === 0) return shown;
  const now = clock.now();
  const expression = parseExpression(periodicity, uid);
  if (!isSeldom((after) => nextRun(expression, timezone, after), now)) return shown;
  const { crontab, crons } = early ?? (await store.readSite(site));
  const settings = settingsInForce(crontab);
  const others = countedCrons(
    crons.flatMap(({ cron }) => cronInForce(cron) ?? []),
    settings,
    now,
  ).filter((cron) => cron.uid !== uid);
  for (const { plannedAt } of shown.runs) {
    const starting = others.filter((cron) => cron.next(plannedAt - 1, settings.timezone) === plannedAt);
    if (starting.length + 1 < CROWDED) continue;
    const crowd = `At ${iso(plannedAt)} another ${starting.length} crons of this crontab start; ${CROWDED} in one minute are crowded. ${spreadHint(periodicity)}`;
    return { ...shown, crowd: crowd.trim() };
  }
  return shown;
}
