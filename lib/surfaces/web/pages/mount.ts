/** The routes of all pages and of their assets. */
import type { Hono } from 'hono';
import type { RunOutput } from '../../../core/ports/run-output.ts';
import { assets } from '../assets/assets.ts';
import type { AdminEnv } from '../env.ts';
import { mountCronPages } from './cron-routes.ts';
import { mountFormPages } from './form-routes.ts';
import { mountSitePages } from './site-routes.ts';

export interface PageOptions {
  /** The output of runs; without it, no page links to output. */
  readonly lines?: RunOutput;
}

export function mountPages(app: Hono<AdminEnv>, { lines }: PageOptions = {}): void {
  for (const { path, type, content } of Object.values(assets)) {
    app.get(path, (context) =>
      context.body(content, 200, {
        'Content-Type': type,
        'Cache-Control': 'public, max-age=31536000, immutable',
      }),
    );
  }
  mountSitePages(app);
  mountFormPages(app);
  mountCronPages(app, lines);
}
