/** Profiles in JSON: the same fields as in YAML. */
import { InvalidError } from '../../core/domain/errors.ts';
import { parseJson } from '../../core/domain/json-text.ts';
import type { ProfileDump } from './dump.ts';
import type { ParseResult } from './parsed-file.ts';
import { wholeProblem } from './validate.ts';
import { readYaml } from './yaml-file.ts';

/** The text as a profile's raw value. */
export function readJson(text: string): ParseResult {
  try {
    parseJson(text);
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    return { problems: error.problems.map((problem) => wholeProblem(problem, placeNamed(problem.got))) };
  }
  const { raw, problems } = readYaml(text, 'json');
  if (raw) return { raw, problems: [] };
  return { problems: problems.map((one) => (one.wanted === 'YAML' ? { ...one, wanted: 'JSON' } : one)) };
}

/** The JSON text of a profile. */
export function writeJson(dump: ProfileDump): string {
  return `${JSON.stringify(dump, null, 2)}\n`;
}

function placeNamed(got: string) {
  const [, line, column] = /at line (\d+), column (\d+)$/.exec(got) ?? [];
  return { line: Number(line ?? 1), column: Number(column ?? 1) };
}
