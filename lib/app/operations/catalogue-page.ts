/** Pages of the catalogue of a target. */
import { type Catalogue, type PublishedRunner, runnerOrder } from '../../core/domain/runner-description.ts';
import { type PageRequest, pageOf } from './page.ts';

/** A catalogue with some of its runners and of its limits. */
export interface CataloguePage extends Catalogue {
  readonly cursor?: string;
}

interface Part {
  readonly key: string;
  readonly runner?: PublishedRunner;
  readonly limits?: Catalogue['limits'];
}

/** The limits of sites come first. Each page has the rest of the catalogue, which is small. */
export function cataloguePage(catalogue: Catalogue, request: PageRequest): CataloguePage {
  const parts: Part[] = [
    ...Object.entries(catalogue.limits).map(([site, limits]) => ({
      key: `limits/${site}`,
      limits: { [site]: limits },
    })),
    ...catalogue.runners.map((runner) => ({ key: `runner/${runnerOrder(runner)}`, runner })),
  ];
  parts.sort((a, b) => (a.key < b.key ? -1 : 1));
  const { items, ...page } = pageOf(parts, ({ key }) => key, request);
  return {
    ...catalogue,
    runners: items.flatMap(({ runner = [] }) => runner),
    limits: Object.assign({}, ...items.map(({ limits }) => limits)),
    ...page,
  };
}
