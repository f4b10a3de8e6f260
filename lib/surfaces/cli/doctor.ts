/** `cloudtab doctor`: prints what is wrong with a target and how to fix it, and with `--fix` repairs it. */
import { pluralize } from '../../app/operations/messages.ts';
import type { Doctor } from '../../client/doctor.ts';
import type { Finding } from '../../core/domain/finding.ts';
import { type JsonOptions, jsonText, type Printed } from './output.ts';
import { fitting, plain } from './table.ts';
import { styled } from './terminal.ts';

export interface DoctorOptions extends JsonOptions {
  /** Omit findings about crontabs of other sites. */
  readonly site?: string;
  readonly fix?: true;
}

/** Exit code 1: findings are left. Throws NotFoundError when the site does not exist. */
export async function doctor(target: Doctor, { fix, json, site }: DoctorOptions): Promise<Printed> {
  const before = await target.examine(site);
  if (!fix || before.every(({ fixable }) => !fixable)) {
    return printed(json ? jsonText({ findings: before }) : report(target, before), before);
  }
  const { done, deadLetters } = await target.repair();
  const left = await target.examine(site);
  if (json) return printed(jsonText({ findings: left, before, done, deadLetters }), left);
  const lines = [
    report(target, before),
    '',
    ...done.map((line) => `  ${styled('green', '+')} ${plain(line)}`),
    ...deadLetters.map((letter) => `  ${styled('yellow', 'removed dead letter:')} ${plain(letter)}`),
    '',
    report(target, left),
  ];
  return printed(lines.join('\n'), left);
}

function printed(text: string, left: readonly Finding[]): Printed {
  return { text, code: left.length === 0 ? 0 : 1 };
}

function report({ name }: Pick<Doctor, 'name'>, findings: readonly Finding[]): string {
  if (findings.length === 0) return `${styled('green', '✓')} No problems found in ${name}.`;
  const lines = findings.flatMap(({ what, fix }) => [
    `${styled('red', '✗')} ${plain(what)}`,
    `  ${styled('bold', plain(fix))}`,
  ]);
  const fixable = findings.filter((one) => one.fixable).length;
  const more = fixable > 0 ? ` Run with --fix to fix ${fixable} of them.` : '';
  return fitting([...lines, `${pluralize(findings.length, 'problem')} found in ${name}.${more}`].join('\n'));
}
