/** `cloudtab runners`: lists the runners that the crons of a site can name, with their settings and an example. */

import type { Client } from '../../client/client.ts';
import type { JsonObject } from '../../core/domain/cron.ts';
import type { EnvironField, RunnerDescription } from '../../core/domain/runner-description.ts';
import { jsonText, type TextOptions } from './output.ts';
import { plain, table } from './table.ts';
import { styled } from './terminal.ts';
import { wrapText } from './wrap-text.ts';

const PERIODICITY = '@daily';

/** The text to print. */
export async function listRunners(
  client: Client,
  site: string,
  { json, width }: TextOptions = {},
): Promise<string> {
  const runners = (await client.runners()).describe(site);
  if (json) {
    return jsonText({ site, runners: runners.map((one) => ({ ...one, example: exampleOf(one) })) });
  }
  return runners.map((one) => textOf(one, width)).join('\n\n');
}

function textOf(runner: RunnerDescription, width: number | undefined): string {
  const { name, site, summary, environ, broken } = runner;
  const fields = Object.entries(environ ?? {});
  const settings = environ ? 'It accepts no settings.' : 'It accepts any settings.';
  const rows = fields.map(([field, description]) => [`  ${field}`, typeOf(description), description.meaning]);
  return [
    `${styled('bold', name)}${site === undefined ? '' : `, for ${site} only`}`,
    ...(summary === '' ? [] : [wrapText(plain(summary), width)]),
    ...(broken === undefined
      ? []
      : [styled('red', wrapText(plain(`It cannot be loaded: ${broken}`), width))]),
    rows.length === 0 ? settings : table(rows, { width }),
    `  ${commandOf(runner)}`,
  ].join('\n');
}

function typeOf({ type, required }: EnvironField): string {
  return `${[type].flat().join(' or ')}${required ? ', required' : ''}`;
}

/** A cron with the settings that the runner needs. */
function exampleOf({ name, environ = {} }: RunnerDescription): JsonObject {
  const required = Object.entries(environ).filter(([, field]) => field.required);
  const examples = Object.fromEntries(required.map(([field, { example }]) => [field, example]));
  return { name: name.replace('<function>', 'my-function'), periodicity: PERIODICITY, environ: examples };
}

/** The command that adds the cron of the example. */
function commandOf(runner: RunnerDescription): string {
  const { name, environ } = exampleOf(runner);
  const settings = Object.entries(environ as JsonObject).map(([field, example]) => {
    const value = typeof example === 'string' ? example : JSON.stringify(example);
    return ` --set ${quoted(`${field}=${value}`)}`;
  });
  return `cloudtab add ${name} ${PERIODICITY}${settings.join('')}`;
}

/** For a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
