/** The operations that concern no site: the runners, the preview of a schedule, and the rights of the caller. */
import { CRONTAB_DEFAULTS } from '../../core/domain/crontab-settings.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import { type Catalogue, runnerOrder } from '../../core/domain/runner-description.ts';
import { cataloguePage } from '../operations/catalogue-page.ts';
import { pageOf } from '../operations/page.ts';
import { preview } from '../operations/preview.ts';
import { rightsOf } from '../operations/rights.ts';
import { answers } from './answers.ts';
import * as inputs from './inputs.ts';
import { dumpPreview } from './json.ts';
import { listAnswer } from './list-answer.ts';
import { type CallPorts, operation } from './operation.ts';

export const toolOperations = {
  listRunners: operation({
    role: 'viewer',
    level: 'deployment',
    changes: false,
    input: inputs.runnersOf,
    ...listAnswer('runners', () => answers().runner),
    run: ({ ports, input }) => pageOf(seen(ports, ports.runners.describe(input.site)), runnerOrder, input),
  }),
  readCatalogue: operation({
    role: 'viewer',
    level: 'deployment',
    changes: false,
    input: inputs.cataloguePage,
    answer: () => answers().catalogue,
    run: async ({ ports, input }) => {
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
    run: ({ ports, input }) => {
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
