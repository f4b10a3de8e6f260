/** The routes of the page of a run and of its output. */
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Output } from '../../../app/operations/read-output.ts';
import { CRONTAB_DEFAULTS } from '../../../core/domain/crontab-settings.ts';
import { NotFoundError, UnavailableError } from '../../../core/domain/errors.ts';
import type { AdminEnv } from '../env.ts';
import { type OutputSection, outputLines, outputText } from './output-view.ts';
import { runPath } from './paths.ts';
import { cronOf, type PageContext, sendPage, viewOf } from './respond.ts';
import { rightsAt } from './rights.ts';
import { runPage } from './run-page.ts';

const RUN = '/sites/:site/crons/:uid/runs/:id';
/** Seconds after which the page of a run in that state is refreshed. */
const REFRESH = { ready: 1, running: 2, ended: 0 };
/** A download has at most so many pages of lines. */
const MAX_PAGES = 20;

export function mountRunPages(app: Hono<AdminEnv>, hasOutput: boolean): void {
  app.get(RUN, (context) => showRun(context, hasOutput));
  app.get(`${RUN}/output`, showOutput);
  app.get(`${RUN}/output.txt`, downloadOutput);
}

function parametersOf(context: PageContext) {
  const { req } = context;
  const cursor = req.query('cursor');
  return {
    place: cronOf(context),
    id: req.param('id') ?? '',
    ...(cursor !== undefined && cursor !== '' && { cursor }),
  };
}

async function showRun(context: PageContext, hasOutput: boolean) {
  const { place, ...input } = parametersOf(context);
  const { site, uid } = place;
  const [detail, { readOnly }] = await Promise.all([
    context.get('call')('readRun', place, { id: input.id }),
    context.get('call')('readSettings', { site }),
  ]);
  const output = hasOutput ? await outputOrFailure(context, place, input) : {};
  const { cron, state } = detail;
  const view = viewOf(context, cron.timezone);
  return sendPage(context, {
    title: `Run of ${uid} · ${site}`,
    site,
    timezone: view.timezone,
    body: runPage({
      detail,
      ...output,
      hasOutput,
      view,
      rights: rightsAt(context.get('who'), site, readOnly),
    }),
    refresh: REFRESH[state],
    waiting: state !== 'ended',
  });
}

/** A page that cannot read the output now shows the rest. */
async function outputOrFailure(
  ...request: Parameters<typeof outputOf>
): Promise<Pick<OutputSection, 'output' | 'failure'>> {
  try {
    return { output: await outputOf(...request) };
  } catch (error) {
    if (error instanceof UnavailableError) return { failure: error.message };
    throw error;
  }
}

/** Undefined if the run has not started, or never ran. */
async function outputOf(
  context: PageContext,
  place: { readonly site: string; readonly uid: string },
  input: { readonly id: string; readonly cursor?: string },
): Promise<Output | undefined> {
  try {
    return await context.get('call')('readOutput', place, input);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** The lines after the cursor, for the script. */
async function showOutput(context: PageContext) {
  const { place, ...input } = parametersOf(context);
  const output = await outputOf(context, place, input);
  const path = `${runPath(place.site, place.uid, input.id)}/output`;
  const view = viewOf(context, output?.timezone ?? CRONTAB_DEFAULTS.timezone);
  return context.html(html`${outputLines({ output, view, path, isOpen: output?.isRunning ?? false })}`);
}

async function downloadOutput(context: PageContext) {
  const { place, id } = parametersOf(context);
  const lines: Output['lines'][number][] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const output = await context.get('call')('readOutput', place, {
      id,
      ...(cursor !== undefined && { cursor }),
    });
    lines.push(...output.lines);
    if (output.lines.length === 0 || output.cursor === undefined) break;
    ({ cursor } = output);
  }
  return context.body(outputText(lines), 200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Disposition': `attachment; filename="${place.uid}-${id}.txt"`,
  });
}
