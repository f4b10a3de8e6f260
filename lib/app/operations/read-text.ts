/** Reads the text of a cron's parameter. */
import { readCron as validateCron } from '../../core/domain/cron-schema.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import type { Problem } from '../../core/domain/problem.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import { tagOf } from './parameter-view.ts';

export interface ParameterText {
  /** As it was typed, valid or not. */
  readonly text: string;
  /** Identifies the version. */
  readonly tag: string;
  readonly problems: readonly Problem[];
}

/** The current text. Throws NotFoundError. */
export async function readText(
  { registry, runners }: Pick<OperationPorts, 'registry' | 'runners'>,
  site: string,
  uid: string,
): Promise<ParameterText> {
  const parameter = await registry.read({ site, uid });
  if (!parameter) throw cronNotFound({ site, uid });
  const { problems } = validateCron(parameter.value, { uid, site, runners });
  return { text: parameter.value, tag: tagOf(parameter), problems };
}
