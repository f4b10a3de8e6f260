/** The choice of a secret by its name. No value is read. The list serves all fields of the form. */
import { html } from 'hono/html';
import { wholeSecretNames } from '../../../app/door/whole-lists.ts';
import type { Json } from '../../../core/domain/cron.ts';
import { ForbiddenError } from '../../../core/domain/errors.ts';
import { secretCommand } from '../../../core/domain/secret.ts';
import { referencedSecrets } from '../../../core/domain/secret-reference.ts';
import { httpProblemOf } from '../http-error.ts';
import { type Html, NOTHING } from './html.ts';
import type { PageContext } from './respond.ts';

/** The secrets of a site. */
export interface SiteSecrets {
  readonly site: string;
  /** The option of the command line that chooses the target. */
  readonly option: string | undefined;
  /** Absent if they cannot be listed. */
  readonly names?: readonly string[];
  /** Why they cannot be listed. */
  readonly problem?: string;
}

/** The script puts the typed name in its place. */
const NAME = 'NAME';

/** Without the names if they cannot be listed: the form works without. Throws ForbiddenError. */
export async function secretsOf(context: PageContext, site: string): Promise<SiteSecrets> {
  const option = context.get('option');
  try {
    return { site, option, names: await wholeSecretNames(context.get('call'), site) };
  } catch (error) {
    if (error instanceof ForbiddenError) throw error;
    return { site, option, problem: httpProblemOf(error).detail };
  }
}

export function secretList(secrets: SiteSecrets): Html {
  const { names = [], problem } = secrets;
  const missing = problem === undefined ? html` data-missing="${missingText(secrets, NAME)}"` : NOTHING;
  return html`<datalist id="secrets"${missing}>${names.map((name) => html`<option value="${name}"></option>`)}</datalist>`;
}

interface SecretField {
  /** The name of the input. */
  readonly name: string;
  /** The name of the secret. */
  readonly value: string;
  readonly setting: string;
  readonly placeholder: string;
}

export function secretInput({ name, value, setting, placeholder }: SecretField, secrets: SiteSecrets): Html {
  const { names = [], problem } = secrets;
  const note =
    problem ??
    (names.length === 0 ? 'The site has no secret yet.' : 'Choose one of the site, or type a name.');
  return html`<details class="secret"${value === '' ? NOTHING : html` open`}><summary>Use a secret<span class="hidden"> for ${setting}</span></summary>
<input name="${name}" value="${value}" list="secrets" class="code" aria-label="${`Name of the secret for ${setting}`}" autocomplete="off" spellcheck="false" placeholder="${placeholder}">
<p class="missing" role="status">${missingSecrets({ $secret: value }, secrets)}</p>
<p class="faint">It replaces the text. ${note}</p></details>`;
}

/** How to set each secret to which the value refers and which the site does not have. */
export function missingSecrets(value: Json, secrets: SiteSecrets): string[] {
  const { names } = secrets;
  const missing = names ? new Set(referencedSecrets(value)).difference(new Set(names)) : [];
  return [...missing].map((name) => missingText(secrets, name));
}

function missingText({ site, option }: SiteSecrets, name: string): string {
  return `There is no secret “${name}” yet. Set it: ${secretCommand(site, name, option)}`;
}
