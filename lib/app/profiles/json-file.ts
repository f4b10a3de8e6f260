/** Profiles in JSON: the same fields as in YAML. */
import { readJsonText, syntaxProblem } from '../../core/domain/json-text.ts';
import type { ProfileDump } from './dump.ts';
import type { ParseResult } from './parsed-file.ts';
import { wholeProblem } from './validate.ts';
import { readYaml } from './yaml-file.ts';

/** Never throws. The YAML parser finds positions and duplicate keys, once the text is valid JSON. */
export function readJson(text: string): ParseResult {
  const { syntaxError } = readJsonText(text);
  if (!syntaxError) return readYaml(text, 'JSON');
  const { line, column } = syntaxError;
  return { problems: [wholeProblem(syntaxProblem(syntaxError), { line, column })] };
}

export function writeJson(dump: ProfileDump): string {
  return `${JSON.stringify(dump, null, 2)}\n`;
}
