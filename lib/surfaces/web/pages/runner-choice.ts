/** The choice of a runner: each registered runner with its settings. */
import { html, raw } from 'hono/html';
import type { AnswerOf } from '../../../app/door/operations.ts';
import type { Problem } from '../../../core/domain/problem.ts';
import { type CronValues, FAMILY, OTHER } from './cron-values.ts';
import { fieldProblems, problemsAt } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';

export type RunnerDescription = AnswerOf<'listRunners'>[number];
type EnvironField = NonNullable<RunnerDescription['environ']>[string];

export function runnerChoice(
  runners: readonly RunnerDescription[],
  values: CronValues,
  problems: readonly Problem[],
): Html {
  const own = problemsAt(problems, 'name');
  const wrong = own.length > 0 ? raw(' aria-describedby="name-problems"') : NOTHING;
  return html`<fieldset class="runners field${own.length > 0 ? ' is-wrong' : ''}" id="name" tabindex="-1"${wrong}><legend>Runner</legend>
${runners.map((runner, index) => runnerOption(runner, index, values))}${values.otherRunner === '' && values.runner !== OTHER ? NOTHING : otherOption(values)}
${fieldProblems('name', own)}</fieldset>`;
}

function runnerOption(
  { name, summary, environ, broken }: RunnerDescription,
  index: number,
  values: CronValues,
): Html {
  const id = `runner-${index}`;
  return html`<div class="runner"><input type="radio" name="runner" value="${name}" id="${id}"${values.runner === name ? raw(' checked') : NOTHING}>
<div><label for="${id}"><code>${name}</code> <span>${summary}</span></label>
<div class="expects">${name === FAMILY ? functionInput(values) : NOTHING}${environ ? environList(environ) : html`<p class="faint">It accepts any settings.</p>`}${broken === undefined ? NOTHING : html`<p class="faint">It cannot be loaded: ${broken}</p>`}</div></div></div>`;
}

function functionInput(values: CronValues): Html {
  return html`<p class="inline"><label for="function">Function</label> <input id="function" name="function" value="${values.function}" class="code" autocomplete="off" spellcheck="false" placeholder="my-function"></p>`;
}

/** The runner of the cron, if it is not registered. */
function otherOption({ runner, otherRunner }: CronValues): Html {
  return html`<div class="runner"><input type="radio" name="runner" value="${OTHER}" id="runner-other"${runner === OTHER ? raw(' checked') : NOTHING}>
<div><label for="runner-other">another</label> <input name="otherRunner" value="${otherRunner}" class="code" aria-label="Name of the runner" autocomplete="off" spellcheck="false"></div></div>`;
}

function environList(environ: Readonly<Record<string, EnvironField>>): Html {
  const fields = Object.entries(environ);
  if (fields.length === 0) return html`<p class="faint">It accepts no settings.</p>`;
  return html`<dl>${fields.map(
    ([name, { type, required, meaning, example }]) =>
      html`<div><dt><code>${name}</code> <span class="faint">${typeof type === 'string' ? type : type.join(' or ')}${required ? ', required' : ''}</span></dt><dd>${meaning} <code>${JSON.stringify(example)}</code></dd></div>`,
  )}</dl>`;
}
