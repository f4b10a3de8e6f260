/** The event of a changed parameter, as EventBridge delivers it to the registry Lambda. */
import { isJsonObject } from '../../core/domain/json-object.ts';
import { type ParameterKey, parseParameterName } from '../../core/domain/names.ts';
import { formatValue } from '../../core/domain/problem.ts';
import type { Logger } from '../../core/ports/logger.ts';

/**
 * The key of the changed parameter. An event that concerns no cron or crontab, such as that of a secret under the same
 * root, is logged, and gives undefined. The rest of the event is not used, because the registry has the current value.
 */
export function changedParameter(root: string, event: unknown, logger: Logger): ParameterKey | undefined {
  const detail = isJsonObject(event) ? event.detail : undefined;
  const name = isJsonObject(detail) ? detail.name : undefined;
  if (typeof name !== 'string') {
    logger.warn('Ignored an event that names no parameter', {
      code: 'event-ignored',
      got: formatValue(event),
    });
    return undefined;
  }
  const key = parseParameterName(root, name);
  if (!key)
    logger.info(`Ignored ${name}, which is neither a crontab nor a cron`, { code: 'event-ignored', name });
  return key;
}
