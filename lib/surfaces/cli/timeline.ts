/**
 * `cloudtab timeline`: a lane of hours for each cron, from yesterday to tomorrow. Each result has a mark of its own besides
 * its colour. A narrow terminal shows fewer hours before and after the present.
 */
import { dumpTimeline } from '../../app/door/json.ts';
import { weekdayDate, weekdayTime } from '../../app/operations/local-time.ts';
import type { Lane, Timeline } from '../../app/operations/read-timeline.ts';
import {
  brokenText,
  clockChangeText,
  SLOT_WORDS,
  timelineTicks,
} from '../../app/operations/timeline-text.ts';
import type { Client } from '../../client/client.ts';
import { clockChanges } from '../../core/domain/clock-changes.ts';
import { SLOT_MS, SLOT_RESULTS, type SlotResult } from '../../core/domain/timeline.ts';
import { healthCell, STATUS_STYLES } from './health.ts';
import { offLines } from './off.ts';
import { type JsonOptions, jsonText } from './output.ts';
import { withSuggestions } from './suggest.ts';
import { plain } from './table.ts';
import { type Style, styled } from './terminal.ts';
import { textWidth, truncateToWidth, wrapWords } from './wrap-text.ts';

export interface TimelineOptions extends JsonOptions {
  /** That of the lanes before. Absent: the worst crons. */
  readonly cursor?: string;
  /** Of the terminal; absent: unlimited. */
  readonly width?: number | undefined;
}

type Mark = readonly [mark: string, style: Style];

const MARKS: Readonly<Record<SlotResult, Mark>> = {
  ...STATUS_STYLES,
  RUNNING: ['▸', 'cyan'],
  PENDING: ['…', 'yellow'],
  NONE: ['?', 'yellow'],
  QUIET: ['·', 'gray'],
  UNREAD: [':', 'gray'],
  NEXT: ['○', 'blue'],
};
const OFF: Mark = ['░', 'gray'];
const NOW: Mark = ['│', 'gray'];
const EMPTY: Mark = [' ', []];

/** So many hours before the present one and after it; it has a column on both sides of the line between them. */
const HOURS = 24;
/** The least width of a name, with the mark before it. */
const LEAST_NAME = 12;
const GAP = '  ';

/** The text to print. Throws NotFoundError when the site does not exist and InvalidError for a cursor that is none. */
export async function showTimeline(
  client: Client,
  site: string,
  { cursor, width, json }: TimelineOptions = {},
): Promise<string> {
  const timeline = await withSuggestions(client, site, undefined, () =>
    client.call('readTimeline', { site }, cursor === undefined ? {} : { cursor }),
  );
  if (json) return jsonText(dumpTimeline(timeline));
  const now = client.now();
  const { lanes, period, timezone } = timeline;
  const broken = brokenLines(timeline);
  if (lanes.length === 0)
    return [`${site} has no crons${broken.length > 0 ? ' that can run' : ''}.`, ...broken].join('\n');
  const crons = lanes.map(({ cron }) => cron);
  const shown = hoursShown(width);
  const names = lanes.map(({ cron }) => `${healthCell(cron.health).text.slice(0, 1)} ${plain(cron.uid)}`);
  const longest = Math.max(...names.map(textWidth));
  const nameWidth = Math.min(longest, (width ?? Number.POSITIVE_INFINITY) - columnsOf(shown) - GAP.length);
  const line = (name: string, style: Style, cells: readonly Mark[]) => {
    const cut = truncateToWidth(name, nameWidth);
    const blanks = ' '.repeat(nameWidth - textWidth(cut));
    return `${styled(style, cut)}${blanks}${GAP}${cells.map((one) => styled(one[1], one[0])).join('')}`.trimEnd();
  };
  const within = <Cell>(cells: readonly Cell[]) =>
    cells.slice(HOURS - shown, HOURS - shown + columnsOf(shown));
  return [
    ...wrapWords(`${site}, ${weekdayTime(now, timezone)}`, width),
    line('', [], within(axis(timeline, now))),
    ...lanes.map((lane, index) =>
      line(names[index] ?? '', healthCell(lane.cron.health).style, within(laneCells(lane, period.from, now))),
    ),
    ...[
      legend(lanes),
      ...offLines(crons, crons.find(({ definition }) => definition?.activated)?.off, timezone, now),
      ...broken,
      ...others(timeline),
      ...clockChanges(timezone, period.from, period.to).map(
        (change) => `${weekdayDate(change.time, timezone)}: ${clockChangeText(change, timezone)}`,
      ),
    ].flatMap((text) => wrapWords(text, width)),
  ].join('\n');
}

/** How many hours before and after the present one fit. */
function hoursShown(width = Number.POSITIVE_INFINITY): number {
  const room = width - LEAST_NAME - GAP.length;
  return Math.max(0, Math.min(HOURS, Math.floor((room - columnsOf(0)) / 2)));
}

function columnsOf(hours: number): number {
  return 2 * hours + 3;
}

/**
 * The hours of the past, the line of the present, and the hours of the future. An hour is off if the middle of it is, or of
 * its part before or after the present.
 */
function laneCells({ slots, off }: Pick<Lane, 'slots' | 'off'>, from: number, now: number): Mark[] {
  const isPlanned = ({ result }: { readonly result: SlotResult }) => result === 'NEXT';
  const past = new Map(slots.filter((slot) => !isPlanned(slot)).map((slot) => [slot.from, slot.result]));
  const ahead = new Map(slots.filter(isPlanned).map((slot) => [slot.from, slot.result]));
  const cell = (results: ReadonlyMap<number, SlotResult>, start: number, end: number) => {
    const result = results.get(Math.floor(start / SLOT_MS) * SLOT_MS);
    if (result !== undefined) return MARKS[result];
    const middle = (start + end) / 2;
    return off.some((period) => period.from <= middle && middle < period.to) ? OFF : EMPTY;
  };
  const hours = Array.from({ length: HOURS + 1 }, (_, index) => index * SLOT_MS);
  const present = from + HOURS * SLOT_MS;
  return [
    ...hours.map((hour) => cell(past, from + hour, Math.min(from + hour + SLOT_MS, now))),
    NOW,
    ...hours.map((hour) => cell(ahead, Math.max(present + hour, now), present + hour + SLOT_MS)),
  ];
}

/** The days and the hours of the zone, above their columns. */
function axis({ period, timezone }: Timeline, now: number): Mark[] {
  const cells = laneCells({ slots: [], off: [] }, period.from, now);
  for (const { time, hour } of timelineTicks(period, timezone)) {
    const label = hour === '00:00' ? weekdayTime(time, timezone).slice(0, 3) : hour.slice(0, 2);
    const column = Math.floor((time - period.from) / SLOT_MS) + (time > now ? 2 : 0);
    const isFree = cells.slice(column, column + label.length + 1).every((cell) => cell === EMPTY);
    if (!isFree || column + label.length > cells.length) continue;
    for (const [index, letter] of [...label].entries()) cells[column + index] = [letter, 'gray'];
  }
  return cells;
}

/** The marks that occur, in words. */
function legend(lanes: readonly Lane[]): string {
  const found = new Set(lanes.flatMap(({ slots }) => slots.map(({ result }) => result)));
  const results = SLOT_RESULTS.filter((result) => found.has(result));
  const isOff = lanes.some(({ off }) => off.length > 0);
  return [
    ...results.map((result) => [MARKS[result], SLOT_WORDS[result]] as const),
    ...(isOff ? [[OFF, 'off'] as const] : []),
    [NOW, 'now'] as const,
  ]
    .map(([[mark, style], words]) => `${styled(style, mark)}\u00a0${words}`)
    .join(', ');
}

function brokenLines({ broken }: Timeline): string[] {
  const text = brokenText(broken.map(plain));
  return text === undefined ? [] : [`${text}.`];
}

function others({ first, lanes, total, cursor }: Timeline): string[] {
  const last = first + lanes.length;
  if (last === total && first === 0) return [];
  const more = cursor === undefined ? '' : `: --cursor ${cursor} shows the next`;
  return [`Crons ${first + 1} to ${last} of ${total}, the worst first${more}.`];
}
