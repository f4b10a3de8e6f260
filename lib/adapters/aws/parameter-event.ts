/** The event of a changed parameter, as EventBridge brings it to the registry Lambda. */
import { isJsonObject } from '../../core/domain/json-object.ts';
import { type ParameterKey, parseParameterName } from '../../core/domain/names.ts';
import { formatValue } from '../../core/domain/problem.ts';
import type { Logger } from '../../core/ports/logger.ts';

/**
 * What the changed parameter is about; nothing, with a log line, when the event is not about a crontab: secrets lie
 * under the same root. Only the name counts: what happened is for the registry to say.
 */
export function changedParameter(root: string, event: unknown, logger: Logger): ParameterKey | undefined {
  const name = nameIn(event);
  if (name === undefined) {
    logger.warn('Ignored an event that names no parameter', {
      code: 'event-ignored',
      got: formatValue(event),
    });
    return undefined;
  }
  const key = parseParameterName(root, name);
  if (!key)
    logger.info(`Ignored ${name}: it is neither a crontab nor a cron`, { code: 'event-ignored', name });
  return key;
}

function nameIn(event: unknown): string | undefined {
  const { detail } = fieldsOf(event);
  const { name } = fieldsOf(detail);
  return typeof name === 'string' ? name : undefined;
}

function fieldsOf(value: unknown): { readonly [name: string]: unknown } {
  return isJsonObject(value) ? value : {};
}
