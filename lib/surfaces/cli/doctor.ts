/** `cloudtab doctor`: prints what is wrong with a target and how to fix it, and with `--fix` repairs it. */
import { examine, repair } from '../../app/doctor/examine.ts';
import { pluralize } from '../../app/operations/messages.ts';
import { siteNames } from '../../app/operations/read.ts';
import type { Finding } from '../../core/domain/finding.ts';
import { siteNotFound } from '../../core/domain/not-found.ts';
import type { LogFields, Logger } from '../../core/ports/logger.ts';
import type { Target } from '../../core/ports/target.ts';
import { type JsonOptions, jsonText, type Printed } from './output.ts';
import { fitting, plain, styled } from './table.ts';

export interface DoctorOptions extends JsonOptions {
  /** Omit findings about crontabs of other sites. */
  readonly site?: string;
  readonly fix?: true;
}

/** Exit code 1: findings are left. Throws NotFoundError when the site does not exist. */
export async function doctor(target: Target, { fix, json, site }: DoctorOptions): Promise<Printed> {
  if (site !== undefined) await checkSite(target, site);
  const findings = async () =>
    (await examine(target)).filter(({ key }) => site === undefined || !key || key.site === site);
  const before = await findings();
  if (!fix || before.every(({ fixable }) => !fixable)) {
    return printed(json ? jsonText({ findings: before }) : report(target, before), before);
  }
  const done: string[] = [];
  const deadLetters = await repair(target, recorder(done));
  const left = await findings();
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

async function checkSite({ ports, name }: Target, site: string): Promise<void> {
  const sites = await siteNames(ports);
  if (!sites.includes(site)) throw siteNotFound(site, sites, name);
}

function printed(text: string, left: readonly Finding[]): Printed {
  return { text, code: left.length === 0 ? 0 : 1 };
}

function report({ name }: Target, findings: readonly Finding[]): string {
  if (findings.length === 0) return `${styled('green', '✓')} No problems found in ${name}.`;
  const lines = findings.flatMap(({ what, fix }) => [
    `${styled('red', '✗')} ${plain(what)}`,
    `  ${styled('bold', plain(fix))}`,
  ]);
  const fixable = findings.filter((one) => one.fixable).length;
  const more = fixable > 0 ? ` Run with --fix to fix ${fixable} of them.` : '';
  return fitting([...lines, `${pluralize(findings.length, 'problem')} found in ${name}.${more}`].join('\n'));
}

/** A logger that keeps the messages with a code, which report repairs. */
function recorder(done: string[]): Logger {
  const keep = (message: string, fields: LogFields = {}) => {
    if ('code' in fields) done.push(message);
  };
  const logger: Logger = { debug() {}, info: keep, warn: keep, error: keep, with: () => logger };
  return logger;
}
