/** The routes of all pages and of their assets. */
import type { Hono } from 'hono';
import { describeApi } from '../api/description.ts';
import { assets } from '../assets/assets.ts';
import type { AdminEnv } from '../env.ts';
import { apiPage } from './api-page.ts';
import { mountCronPages } from './cron-routes.ts';
import { mountFormPages } from './form-routes.ts';
import { sendPage } from './respond.ts';
import { mountRunPages } from './run-routes.ts';
import { mountRunsPages } from './runs-routes.ts';
import { mountSettingsPages } from './settings-routes.ts';
import { mountSitePages } from './site-routes.ts';
import { mountTimelinePage } from './timeline-routes.ts';

/** `hasOutput`: the output of runs can be read; otherwise no page has it. */
export function mountPages(app: Hono<AdminEnv>, hasOutput: boolean): void {
  for (const { path, type, content } of Object.values(assets)) {
    app.get(path, (context) =>
      context.body(content, 200, {
        'Content-Type': type,
        'Cache-Control': 'public, max-age=31536000, immutable',
      }),
    );
  }
  app.get('/api', (context) => sendPage(context, { title: 'API', body: apiPage(JSON.parse(describeApi())) }));
  mountSitePages(app);
  mountSettingsPages(app);
  mountTimelinePage(app);
  mountRunsPages(app);
  mountFormPages(app);
  mountCronPages(app);
  mountRunPages(app, hasOutput);
}
