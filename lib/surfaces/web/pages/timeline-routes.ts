/** The timeline of a site, as a page and as the part that the overview loads. */
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { AdminEnv } from '../env.ts';
import { crumbs } from './layout.ts';
import { type PageContext, sendPage, siteOf, viewOf } from './respond.ts';
import { timelineView } from './timeline-view.ts';

/** In seconds. */
const REFRESH = 60;

export function mountTimelinePage(app: Hono<AdminEnv>): void {
  app.get('/sites/:site/timeline', showTimeline);
}

async function showTimeline(context: PageContext) {
  const site = siteOf(context);
  const cursor = context.req.query('cursor');
  const timeline = await context.get('call')(
    'readTimeline',
    { site },
    cursor === undefined ? {} : { cursor },
  );
  const view = viewOf(context, timeline.timezone);
  const body = html`${crumbs(site, 'timeline')}
<div class="title"><h1>Timeline of ${site}</h1></div>${timelineView(timeline, view)}`;
  const { timezone } = view;
  return sendPage(context, { title: `Timeline of ${site}`, site, timezone, body, refresh: REFRESH });
}
