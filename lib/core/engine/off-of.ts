/** Since when what is projected is off. */
import { UnavailableError } from '../domain/errors.ts';
import { type Off, offByVersions } from '../domain/off.ts';
import type { Parameter } from '../ports/registry.ts';
import type { AnyProjection } from '../ports/store.ts';
import type { Ports } from './ports.ts';

/**
 * As before if it was off, and no version came in between; otherwise by the history. That informs users, and nothing waits for
 * it: without an answer this version counts as the switch.
 */
export async function offOf(
  { registry }: Pick<Ports, 'registry'>,
  { site, uid, version, modified }: Parameter,
  known: AnyProjection | undefined,
  { activated }: NonNullable<AnyProjection['value']>,
): Promise<{ readonly off?: Off }> {
  if (activated) return {};
  const before = known?.removedAt === undefined ? known : undefined;
  const isNext = before?.modified === modified || before?.version === version - 1;
  // Who wrote a version may be recorded only after the version can be read.
  if (isNext && before?.off?.by !== undefined) return { off: before.off };
  const versions = await registry
    .history(uid === undefined ? { site } : { site, uid })
    .catch((error: unknown) => {
      if (!(error instanceof UnavailableError)) throw error;
      return [];
    });
  return { off: offByVersions(versions) ?? { since: modified } };
}
