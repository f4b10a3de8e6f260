/** The output of a run: lines with folded stack traces, which the script follows while the run is in progress. */
import { html } from 'hono/html';
import { foldStacks } from '../../../app/operations/fold-stacks.ts';
import { weekdayTime } from '../../../app/operations/local-time.ts';
import type { Output } from '../../../app/operations/read-output.ts';
import { iso } from '../../../core/domain/iso.ts';
import { type Html, NOTHING } from './html.ts';
import { exactView, type Viewpoint } from './time-view.ts';

type OutputLine = Output['lines'][number];

export interface OutputSection {
  readonly view: Viewpoint;
  /** Absent if the run has not started, or never ran. */
  readonly output?: Output | undefined;
  /** Why the output cannot be read now. */
  readonly failure?: string | undefined;
  /** The path of the lines that follow. */
  readonly path: string;
  /** The run may still begin to write. */
  readonly isOpen: boolean;
}

export function outputSection(section: OutputSection): Html {
  const { output, failure, path, isOpen } = section;
  const mayFollow = isOpen || failure !== undefined;
  const first = output?.lines[0];
  const from =
    first &&
    html`from <time datetime="${iso(first.time)}">${weekdayTime(first.time, section.view.timezone)}</time>`;
  return html`<section class="card" aria-labelledby="output-title"><div class="head"><h2 id="output-title">Output</h2><p class="faint" id="output-from" data-live>${from ?? NOTHING}</p>
<span class="with">${first ? html`<button type="button" class="quiet js-only" data-copy="lines">Copy</button> <a class="button quiet" href="${path}.txt" download>Download</a>` : NOTHING}${output?.address === undefined ? NOTHING : html` <a class="button quiet" href="${output.address}" target="_blank">CloudWatch Logs</a>`}</span></div>
${first || mayFollow ? NOTHING : html`<p class="none">This run wrote no output, or its output has expired.</p>`}${failure === undefined ? NOTHING : html`<p class="banner is-WARN">${failure}</p>`}${outputLines({ ...section, isOpen: mayFollow })}</section>`;
}

/** Also the answer to the script: it appends the items, and goes on at the new cursor. */
export function outputLines({ output, view, path, isOpen }: Omit<OutputSection, 'failure'>): Html {
  const cursor = output?.cursor;
  const isMore = cursor !== undefined || isOpen ? html` data-more="yes"` : NOTHING;
  const position = cursor === undefined ? NOTHING : html` data-cursor="${cursor}"`;
  const more =
    cursor === undefined || isOpen
      ? NOTHING
      : html`<p class="no-js"><a href="?cursor=${cursor}">More lines</a></p>`;
  return html`<ol class="lines" id="lines" aria-label="Output" tabindex="0" data-follow="${path}"${isMore}${position}>${output && foldStacks(output.lines).map((line) => lineItem(line, view))}</ol>${more}`;
}

function lineItem(line: OutputLine, view: Viewpoint): Html {
  const { time, level, message } = line;
  const { stack, rest } = foldedFields(line);
  return html`<li class="is-${level}">${exactView(time, view, 'faint')} <span class="level">${level}</span> <span class="text" dir="auto">${message}</span>${rest === undefined ? NOTHING : html` <code class="faint" dir="auto">${rest}</code>`}${
    stack === undefined ? NOTHING : html`<details><summary>Stack trace</summary><pre>${stack}</pre></details>`
  }</li>`;
}

/** The stack trace, and the other fields as `name=value`. */
function foldedFields({ fields }: OutputLine): { readonly stack?: string; readonly rest?: string } {
  if (fields === undefined) return {};
  const hasStack = typeof fields.stack === 'string';
  const rest = Object.entries(fields)
    .filter(([name]) => name !== 'stack' || !hasStack)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  return { ...(hasStack && { stack: String(fields.stack) }), ...(rest !== '' && { rest }) };
}

/** The lines as a text file. */
export function outputText(lines: readonly OutputLine[]): string {
  return lines
    .map(({ time, level, message, fields }) =>
      [
        new Date(time).toISOString(),
        level,
        message,
        ...(fields === undefined ? [] : [JSON.stringify(fields)]),
      ].join(' '),
    )
    .map((line) => `${line}\n`)
    .join('');
}
