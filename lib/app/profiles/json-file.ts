/** Profiles in JSON: the same fields as in YAML. */
import { readJsonText, syntaxProblem } from '../../core/domain/json-text.ts';
import type { ProfileDump } from './dump.ts';
import type { ParseResult } from './parsed-file.ts';
import { wholeProblem } from './validate.ts';
import { readYaml } from './yaml-file.ts';

/** The text as a profile's raw value. */
export function readJson(text: string): ParseResult {
  const { syntaxError } = readJsonText(text);
  if (syntaxError) {
    const { line, column } = syntaxError;
    return { problems: [wholeProblem(syntaxProblem(syntaxError), { line, column })] };
  }
  const { raw, problems } = readYaml(text, 'json');
  if (raw) return { raw, problems: [] };
  return { problems: problems.map((one) => (one.wanted === 'YAML' ? { ...one, wanted: 'JSON' } : one)) };
}

/** The JSON text of a profile. */
export function writeJson(dump: ProfileDump): string {
  return `${JSON.stringify(dump, null, 2)}\n`;
}
