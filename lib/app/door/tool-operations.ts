/** The operations that concern no site: the runners, the preview of a schedule, and the rights of the caller. */
import * as z from 'zod/mini';
import { CRONTAB_DEFAULTS } from '../../core/domain/crontab-settings.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import { once } from '../../core/domain/once.ts';
import type { Catalogue, RunnerDescription } from '../../core/domain/runner-description.ts';
import { cataloguePage, runnersPage } from '../operations/catalogue-page.ts';
import type { Page } from '../operations/page.ts';
import { preview } from '../operations/preview.ts';
import { rightsOf } from '../operations/rights.ts';
import { answers } from './answers.ts';
import * as inputs from './inputs.ts';
import { dumpPreview } from './json.ts';
import { type CallPorts, operation, type Request } from './operation.ts';

export const toolOperations = {
  listRunners: operation({
    role: 'viewer',
    level: 'deployment',
    changes: false,
    input: inputs.runnersOf,
    answer: once(() => z.object({ runners: z.array(answers().runner), cursor: answers().cursor })),
    json: ({ items, ...page }: Page<RunnerDescription>) => ({ runners: items, ...page }),
    run: ({ ports, input }: Request<'deployment', inputs.Input<typeof inputs.runnersOf>>) =>
      runnersPage(seen(ports, ports.runners.describe(input.site)), input),
  }),
  readCatalogue: operation({
    role: 'viewer',
    level: 'deployment',
    changes: false,
    input: inputs.cataloguePage,
    answer: () => answers().catalogue,
    run: async ({ ports, input }: Request<'deployment', inputs.Input<typeof inputs.cataloguePage>>) => {
      const catalogue = await ports.catalogue?.read();
      if (!catalogue) throw new NotFoundError('The runners were not published yet. Deploy again.');
      return cataloguePage(seenCatalogue(ports, catalogue), input);
    },
  }),
  preview: operation({
    role: 'viewer',
    level: 'deployment',
    changes: false,
    input: inputs.previewRequest,
    answer: () => answers().preview,
    json: dumpPreview,
    run: ({ ports, input }: Request<'deployment', inputs.Input<typeof inputs.previewRequest>>) => {
      const { timezone = CRONTAB_DEFAULTS.timezone } = input;
      return preview(ports, { ...input, timezone });
    },
  }),
  whoami: operation({
    role: 'viewer',
    level: 'deployment',
    changes: false,
    answer: () => answers().rights,
    run: ({ ports: { version }, who }) => ({ ...rightsOf(who), ...(version !== undefined && { version }) }),
  }),
};

/** The runners of all sites, and those of single sites that the caller may see. */
function seen<One extends { readonly site?: string }>(ports: CallPorts, all: readonly One[]): One[] {
  return all.filter(({ site }) => site === undefined || ports.sees?.(site) !== false);
}

/** The limits of `*` hold for all sites. */
function seenCatalogue(ports: CallPorts, catalogue: Catalogue): Catalogue {
  const limits = Object.entries(catalogue.limits).filter(
    ([site]) => site === '*' || ports.sees?.(site) !== false,
  );
  return { ...catalogue, runners: seen(ports, catalogue.runners), limits: Object.fromEntries(limits) };
}
