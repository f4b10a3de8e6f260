/** The choice of a runner: each registered runner with the inputs for its settings. */
import { html, raw } from 'hono/html';
import type { FormDraft } from './cron-form.ts';
import { type CronValues, FAMILY, OTHER } from './cron-values.ts';
import { fieldProblems, problemsAt } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { settingFields } from './setting-fields.ts';
import type { RunnerDescription } from './setting-values.ts';

export function runnerChoice(form: FormDraft): Html {
  const { runners, values, problems } = form;
  const own = problemsAt(problems, 'name');
  const wrong = own.length > 0 ? raw(' aria-describedby="name-problems"') : NOTHING;
  return html`<fieldset class="runners field${own.length > 0 ? ' is-wrong' : ''}" id="name" tabindex="-1"${wrong}><legend>Runner</legend>
${runners.map((runner, index) => runnerOption(runner, index, form))}${values.otherRunner === '' && values.runner !== OTHER ? NOTHING : otherOption(values)}
${fieldProblems('name', own)}</fieldset>`;
}

function runnerOption(
  runner: RunnerDescription,
  index: number,
  { values, problems, secrets }: FormDraft,
): Html {
  const { name, summary, environ, broken } = runner;
  const isChosen = values.runner === name;
  const fields = {
    texts: values.settings,
    secrets,
    problems: isChosen && values.environAs === 'fields' ? problems : undefined,
  };
  const id = `runner-${index}`;
  return html`<div class="runner"><input type="radio" name="runner" value="${name}" id="${id}"${isChosen ? raw(' checked') : NOTHING}${environ ? raw(' data-fields') : NOTHING}>
<div><label for="${id}"><code>${name}</code> <span>${summary}</span></label>
<div class="expects">${name === FAMILY ? functionInput(values) : NOTHING}${environ ? settingFields(runner, fields) : html`<p class="faint">It accepts any settings.</p>`}${broken === undefined ? NOTHING : html`<p class="faint">It cannot be loaded: ${broken}</p>`}</div></div></div>`;
}

function functionInput(values: CronValues): Html {
  return html`<p class="inline"><label for="function">Function</label> <input id="function" name="function" value="${values.function}" class="code" autocomplete="off" spellcheck="false" placeholder="my-function"></p>`;
}

/** The runner of the cron, if it is not registered. */
function otherOption({ runner, otherRunner }: CronValues): Html {
  return html`<div class="runner"><input type="radio" name="runner" value="${OTHER}" id="runner-other"${runner === OTHER ? raw(' checked') : NOTHING}>
<div><label for="runner-other">another</label> <input name="otherRunner" value="${otherRunner}" class="code" aria-label="Name of the runner" autocomplete="off" spellcheck="false"></div></div>`;
}
