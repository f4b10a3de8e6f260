/** What a secret may be. Its value is in no message. */
import { DEFAULT_SITE, HEARTBEAT_SECRET, OWN_SECRETS, SECRET_NAME, SECRET_NAME_RULE } from './names.ts';
import type { Problem } from './problem.ts';
import { byteLength } from './truncate-bytes.ts';

/** A shorter one is found by trial: where its mark appears in the output of a run, that text was it. */
export const MIN_SECRET_CHARACTERS = 8;
/** What a parameter can hold. */
export const MAX_SECRET_BYTES = 8 * 1024;

/**
 * How a user keeps that secret, without its value, which would be in the history of the shell. `option` chooses the target;
 * without it, the user has to know which one is meant.
 */
export function secretCommand(site: string, name: string, option?: string): string {
  const place = site === OWN_SECRETS ? ['--deployment'] : site === DEFAULT_SITE ? [] : ['--site', site];
  return ['cloudtab secret set', name, ...place, option ?? []].flat().join(' ');
}

export function secretNameProblems(name: string, site: string): Problem[] {
  if (site === OWN_SECRETS && name !== HEARTBEAT_SECRET) {
    const fix = 'Leave out --deployment for a secret of a site.';
    return [{ where: 'NAME', got: JSON.stringify(name), wanted: `"${HEARTBEAT_SECRET}"`, fix }];
  }
  if (SECRET_NAME.test(name)) return [];
  const fix = 'Choose another name.';
  return [{ where: 'NAME', got: JSON.stringify(name), wanted: SECRET_NAME_RULE, fix }];
}

/** The problems of a value that is to be kept. */
export function secretValueProblems(value: string): Problem[] {
  const bytes = byteLength(value);
  if (value.length < MIN_SECRET_CHARACTERS) {
    const wanted = `at least ${MIN_SECRET_CHARACTERS} characters`;
    return [
      valueProblem(`${value.length} characters`, wanted, 'Use a longer one: a short one can be guessed.'),
    ];
  }
  if (bytes > MAX_SECRET_BYTES) {
    const fix = 'Keep it elsewhere, and make a secret of what gives access to it.';
    return [valueProblem(`${bytes} bytes`, `at most ${MAX_SECRET_BYTES} bytes`, fix)];
  }
  if (!value.includes('{{')) return [];
  const fix = 'Encode it, for example in base64.';
  return [valueProblem('"{{"', 'a text without it, which Parameter Store rejects', fix)];
}

function valueProblem(got: string, wanted: string, fix: string): Problem {
  return { where: 'value', got, wanted, fix };
}
