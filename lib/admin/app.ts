/** The admin application: the same on Lambda and on a laptop. Whoever serves it lets only authenticated calls through. */
import { Hono } from 'hono';
import { SITE } from '../domain/names.ts';
import { shown } from '../domain/problem.ts';
import type { Store } from '../ports/store.ts';
import { siteView } from './site-view.ts';

export interface AdminPorts {
  readonly store: Store;
}

/** All routes. */
export function makeApp({ store }: AdminPorts): Hono {
  const app = new Hono();
  app.get('/health', (context) => context.json({ ok: true }));
  app.get('/api/sites/:site', async (context) => {
    const site = context.req.param('site');
    if (!SITE.test(site)) {
      const error = `site: got ${shown(site)}, wanted 1 to 16 lower-case letters, digits and dashes.`;
      return context.json({ error }, 400);
    }
    return context.json(siteView(site, await store.readSite(site)));
  });
  return app;
}
