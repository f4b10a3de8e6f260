/** `cloudtab doctor`: what is not as it should be, what to do about it, and doing it. */
import { examine, repair } from '../../app/doctor/examine.ts';
import { pluralize } from '../../app/operations/messages.ts';
import { siteNames } from '../../app/operations/read.ts';
import type { Finding } from '../../core/domain/finding.ts';
import { siteNotFound } from '../../core/domain/not-found.ts';
import type { LogFields, Logger } from '../../core/ports/logger.ts';
import type { Target } from '../../core/ports/target.ts';
import { jsonText } from './options.ts';
import { plain, styled } from './table.ts';

export interface DoctorOptions {
  /** Leave out what is about crontabs of other sites. */
  readonly site?: string;
  readonly fix?: true;
  readonly json?: true;
}

/** The text to print, and whether all is well in the end. */
export async function doctor(
  target: Target,
  { fix, json, site }: DoctorOptions,
): Promise<{ readonly text: string; readonly well: boolean }> {
  if (site !== undefined) await knownSite(target, site);
  const look = async () =>
    (await examine(target)).filter(({ key }) => site === undefined || !key || key.site === site);
  const found = await look();
  if (!fix || found.every(({ fixable }) => !fixable)) {
    return { text: json ? jsonText({ findings: found }) : report(target, found), well: found.length === 0 };
  }
  const done: string[] = [];
  const letters = await repair(target, listener(done));
  const left = await look();
  const well = left.length === 0;
  if (json) return { text: jsonText({ findings: left, before: found, done, deadLetters: letters }), well };
  const lines = [
    ...report(target, found).split('\n'),
    '',
    ...done.map((line) => `  ${styled('green', '+')} ${plain(line)}`),
    ...letters.map((letter) => `  ${styled('yellow', 'taken out:')} ${plain(letter)}`),
    '',
    report(target, left),
  ];
  return { text: lines.join('\n'), well };
}

async function knownSite({ ports, name }: Target, site: string): Promise<void> {
  const sites = await siteNames(ports);
  if (!sites.includes(site)) throw siteNotFound(site, sites, name);
}

function report({ name }: Target, findings: readonly Finding[]): string {
  if (findings.length === 0) return `${styled('green', '✓')} ${name} is well.`;
  const lines = findings.flatMap(({ what, fix }) => [
    `${styled('red', '✗')} ${plain(what)}`,
    `  ${styled('bold', plain(fix))}`,
  ]);
  const fixable = findings.filter((one) => one.fixable).length;
  const more = fixable > 0 ? ` ${fixable} can be mended with --fix.` : '';
  return [...lines, `${pluralize(findings.length, 'finding')} in ${name}.${more}`].join('\n');
}

/** Keeps what healing has to say of what it did, with the code of such lines. */
function listener(done: string[]): Logger {
  const keep = (message: string, fields: LogFields = {}) => {
    if ('code' in fields) done.push(message);
  };
  const logger: Logger = { debug() {}, info: keep, warn: keep, error: keep, with: () => logger };
  return logger;
}
