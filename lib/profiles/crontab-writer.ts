/** Writing a Unix crontab that reads back as the same crons. What its lines mean is crontab-file.ts. */
import type { CronFields, JsonObject } from '../domain/cron.ts';
import { sameJson } from '../domain/same-json.ts';
import { COMMAND_RUNNER } from './crontab-file.ts';
import { DIRECTIVE, parseLine, shellEnviron, taskOf } from './crontab-line.ts';
import { type Exported, ownFields } from './dump.ts';

/** The text of the crons. One that is switched off is commented out, for any other cron that reads the file. */
export function writeCrontab({ site, settings, crons }: Exported): string {
  const lines = [
    `# The crontab of ${site}. Comments that begin with "cloudtab:" belong to the line below them.`,
    `# Times are in ${settings.timezone}, unless CRON_TZ says otherwise.`,
  ];
  let zone = '';
  for (const cron of crons) {
    if ((cron.timezone ?? '') !== zone) {
      zone = cron.timezone ?? '';
      lines.push('', `CRON_TZ=${zone}`);
    }
    lines.push('', ...linesOf(cron));
  }
  return `${lines.join('\n')}\n`;
}

function linesOf(cron: CronFields): string[] {
  const { name: _, periodicity, timezone: _zone, environ: _environ, ...said } = ownFields(cron);
  const command = commandOf(cron);
  const schedule = periodicityText(cron.periodicity);
  const directive: JsonObject = {
    ...said,
    ...command.said,
    ...(schedule === undefined ? { periodicity: cron.periodicity } : {}),
  };
  const line = `${schedule ?? '@daily'} ${command.text}`;
  return [`${DIRECTIVE} ${JSON.stringify(directive)}`, cron.activated ? line : `# ${line}`];
}

/** A periodicity may be spaced in ways that a line does not keep. */
function periodicityText(periodicity: string): string | undefined {
  const line = parseLine(`${periodicity} x`);
  return line.kind === 'cron' && line.schedule === periodicity && line.command === 'x'
    ? periodicity
    : undefined;
}

/** The shell's command as it was, when nothing else reads the same; else the runner with its environ. */
function commandOf({ name, environ }: CronFields): { readonly text: string; readonly said: JsonObject } {
  const { command } = environ;
  if (name === COMMAND_RUNNER && typeof command === 'string') {
    const text = command.replaceAll('%', '\\%');
    const isWhole = sameJson(environ, shellEnviron(text)) && !taskOf(text);
    if (isWhole && isLine(text)) return { text, said: {} };
  }
  const json = JSON.stringify(environ).replaceAll('%', '\\%');
  const text = `${name.replaceAll('%', '\\%')} ${json}`;
  if (taskOf(text)?.name === name && isLine(text)) return { text, said: {} };
  return { text: json, said: { name } };
}

/** Whether a line gives the text back, and is not one that is left out. */
function isLine(text: string): boolean {
  const line = parseLine(`* * * * * ${text}`);
  return line.kind === 'cron' && line.command === text && !/[\r\n]/.test(text);
}
