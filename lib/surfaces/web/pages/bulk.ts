/**
 * One action on several crons: those that are ticked, or all that match the search of the list. An operation takes fifty
 * crons, so a longer selection continues page by page: the script does it by itself, otherwise a button does. Crons that were
 * deleted can be restored at once.
 */
import { html } from 'hono/html';
import { MAX_BULK } from '../../../app/door/input-fields.ts';
import { pluralize } from '../../../app/operations/messages.ts';
import type { BulkResult } from '../../../app/operations/operation-result.ts';
import { NotFoundError } from '../../../core/domain/errors.ts';
import type { Form } from './form-data.ts';
import { hiddenInputs } from './form-field.ts';
import type { Html } from './html.ts';
import { crumbs } from './layout.ts';
import { list, listQuery, MAX_SELECTED } from './list-query.ts';
import { cronPath, sitePath } from './paths.ts';
import { type Done, type PageContext, sendPage } from './respond.ts';
import { confirmPage } from './simple-pages.ts';
import { noteOf } from './switch-form.ts';
import { UNDO_DELETE, undoForm } from './undo-form.ts';

interface Selection {
  readonly site: string;
  readonly form: Form;
  /** The list from which the form was sent. */
  readonly back: string;
}

interface Action {
  readonly verb: string;
  /** What it did to a cron, such as "switched off". */
  readonly done: string;
  readonly consequence: string;
  call(context: PageContext, site: string, uids: string[], form: Form): Promise<BulkResult>;
}

const switched =
  (activated: boolean): Action['call'] =>
  (context, site, uids, form) =>
    context.get('call')('switchCrons', { site }, { uids, activated, ...noteOf(form) });

const ACTIONS: Record<string, Action> = {
  run: {
    verb: 'Run',
    done: 'requested',
    consequence: 'Each of them runs once, as soon as possible.',
    call: (context, site, uids) => context.get('call')('runCrons', { site }, { uids }),
  },
  on: {
    verb: 'Switch on',
    done: 'switched on',
    consequence: 'They run at their times again.',
    call: switched(true),
  },
  off: {
    verb: 'Switch off',
    done: 'switched off',
    consequence: 'They do not run until they are switched on.',
    call: switched(false),
  },
  delete: {
    verb: 'Delete',
    done: 'deleted',
    consequence:
      'This deletes their parameters, so they do not run any more. They can be restored for 90 days, and their run records are kept until they expire.',
    call: (context, site, uids) => context.get('call')('removeCrons', { site }, { uids }),
  },
  [UNDO_DELETE]: {
    verb: 'Restore',
    done: 'restored',
    consequence: 'They run at their times again, with their last valid definitions.',
    call: (context, site, uids) => context.get('call')('restoreCrons', { site }, { uids }),
  },
};

/** Asks first if the action deletes, or concerns crons that the page does not show. */
export async function doToSelected(context: PageContext, selection: Selection): Promise<Done | Response> {
  const { site, form, back } = selection;
  const asked = form.one('do');
  const action = Object.hasOwn(ACTIONS, asked) ? ACTIONS[asked] : undefined;
  if (!action) throw new NotFoundError(`Unknown action "${asked}".`);
  const uids = await selectedUids(context, selection);
  if (uids.length === 0) return { message: 'Select at least one cron first.', to: back, refused: true };
  const isSure = form.one('sure') === 'yes' || (asked !== 'delete' && form.one('all') === '');
  if (!isSure) return question(context, action, selection, uids);
  const result = await action.call(context, site, uids.slice(0, MAX_BULK), form);
  const rest = [...result.left, ...uids.slice(MAX_BULK)];
  const before = { done: countOf(form, 'done'), refused: countOf(form, 'refused') };
  const removed = asked === 'delete' ? [...uidsOf(form, 'removed'), ...result.done] : [];
  const isWhole = before.done + before.refused === 0 && rest.length === 0 && result.refused.length === 0;
  if (isWhole) return { message: result.message, to: back, fresh: result.done, removed };
  const title = `${action.verb} several crons`;
  const body = resultPage({ ...selection, action, result, rest, before, removed });
  return sendPage(context, { title: `${title} · ${site}`, site, body });
}

async function selectedUids(context: PageContext, { site, form, back }: Selection): Promise<string[]> {
  if (form.one('uids') !== '') return uidsOf(form, 'uids');
  if (form.one('all') === '') return form.all('uid');
  const query = listQuery(Object.fromEntries(new URLSearchParams(back.split('?')[1])));
  const { crons } = await context.get('call')('readWholeSite', { site });
  return list(crons, query).found.slice(0, MAX_SELECTED);
}

/** A request has one field for all uids, since its size is limited. */
function question(context: PageContext, { verb, consequence }: Action, selection: Selection, uids: string[]) {
  const { site, form, back } = selection;
  const title = `${verb} ${uids.length === 1 ? 'this cron' : `these ${uids.length} crons`}?`;
  const fields = { do: form.one('do'), back, uids: uids.join(' '), ...noteOf(form) };
  const body = confirmPage({
    title,
    text: consequence,
    names: uids,
    yes: verb,
    deletes: form.one('do') === 'delete',
    action: sitePath(site, 'do'),
    fields,
    back,
  });
  return sendPage(context, { title, site, body });
}

interface Results extends Selection {
  readonly action: Action;
  readonly result: BulkResult;
  /** The uids that are left. */
  readonly rest: readonly string[];
  /** The results of the requests before this one. */
  readonly before: { readonly done: number; readonly refused: number };
  /** The uids that were deleted until now. */
  readonly removed: readonly string[];
}

/** The result of each cron of this request, and the way to the rest. */
function resultPage({ site, form, back, action, result, rest, before, removed }: Results): Html {
  const done = before.done + result.done.length;
  const refused = before.refused + result.refused.length;
  const total = done + refused + rest.length;
  const counts = { done, refused, uids: rest.join(' '), removed: removed.join(' ') };
  const fields = { do: form.one('do'), back, sure: 'yes', ...counts, ...noteOf(form) };
  const item = (uid: string, text: string, kind: string) =>
    html`<li class="is-${kind}"><a href="${cronPath(site, uid)}">${uid}</a> ${text}</li>`;
  return html`${crumbs(site, 'several crons')}
<div class="title"><h1>${action.verb} ${pluralize(total, 'cron')}</h1></div>
<section class="card"><div id="bulk-state" role="status"><p><progress max="${total}" value="${done + refused}" aria-label="Progress"></progress>
${done + refused} of ${total}: ${done} ${action.done}, ${refused} refused.</p>${
    rest.length > 0
      ? html`<form method="post" action="${sitePath(site, 'do')}" data-continue>${hiddenInputs(fields)}
<p class="actions"><button class="primary">Continue with the other ${rest.length}</button> <a class="button" href="${back}">Stop here</a></p></form>`
      : html`<p class="actions"><a class="button" href="${back}">Back to the list</a></p>`
  }${undoForm(site, removed, back)}</div>
<h2 class="hidden">Results</h2><ul id="bulk-results" class="results">${result.refused.map(({ uid, reason }) => item(uid, reason, 'refused'))}${result.done.map((uid) => item(uid, action.done, 'done'))}</ul></section>`;
}

function uidsOf(form: Form, name: string): string[] {
  return form
    .one(name)
    .split(' ')
    .filter((uid) => uid !== '');
}

function countOf(form: Form, name: string): number {
  return Math.trunc(Number(form.one(name))) || 0;
}
