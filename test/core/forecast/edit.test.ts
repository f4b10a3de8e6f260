import { describe, expect, it } from 'vitest';
import { attempt } from '../../../lib/core/domain/errors.ts';
import { kindOf, parseJson } from '../../../lib/core/domain/json-text.ts';
import { applyEdit } from '../../../lib/core/forecast/edit.ts';
import { RunnerTable } from '../../../lib/runners/table.ts';
import { cronOf } from '../../support/jobs.ts';

const CRONS = [cronOf({ uid: 'a', environ: { seconds: 1 } }), cronOf({ uid: 'b', timezone: 'Asia/Tokyo' })];
const apply = (value: unknown) => applyEdit(CRONS, JSON.stringify(value), new RunnerTable({}));

const problemsOf = (text: string) => attempt(() => applyEdit(CRONS, text, new RunnerTable({}))).problems;

describe('applyEdit', () => {
  it('An edit changes the given fields of an existing cron and keeps the others', () => {
    const { crons, edits } = apply({ uid: 'a', periodicity: '@daily', overlap: 'allow' });
    expect(crons.map((cron) => cron.fields())).toEqual([
      { ...CRONS[0]?.fields(), periodicity: '@daily', overlap: 'allow' },
      CRONS[1]?.fields(),
    ]);
    expect(edits).toEqual([{ uid: 'a', kind: 'edited', fields: ['periodicity', 'overlap'] }]);
  });

  it('An edit adds a new cron at the end, with default values', () => {
    const { crons, edits } = apply([{ uid: 'c', name: 'heartbeat', periodicity: '@hourly' }]);
    expect(crons.map(({ uid }) => uid)).toEqual(['a', 'b', 'c']);
    expect(crons[2]?.fields()).toMatchObject({ activated: true, timeout: 300 });
    expect(edits).toEqual([{ uid: 'c', kind: 'added', fields: [] }]);
  });

  it('An edit removes crons marked with remove, and fields that are null', () => {
    const { crons, edits } = apply({
      crons: [
        { uid: 'a', remove: true },
        { uid: 'b', timezone: null },
      ],
    });
    expect(crons.map((cron) => cron.timezone)).toEqual([undefined]);
    expect(edits).toEqual([
      { uid: 'a', kind: 'removed', fields: [] },
      { uid: 'b', kind: 'edited', fields: ['timezone'] },
    ]);
  });

  it('An edit can remove a cron and add it again', () => {
    const { crons } = apply([
      { uid: 'a', remove: true },
      { uid: 'a', name: 'heartbeat', periodicity: '@daily' },
    ]);
    expect(crons.map(({ uid }) => uid)).toEqual(['b', 'a']);
    expect(crons[1]?.environ).toEqual({});
  });

  it('An edit without effect is reported as unchanged', () => {
    const { crons, edits } = apply([
      { uid: 'a', periodicity: '0 * * * *' },
      { uid: 'x', remove: true },
    ]);
    expect(crons).toHaveLength(2);
    expect(edits.map(({ kind }) => kind)).toEqual(['unchanged', 'unchanged']);
  });

  it('An edit accepts any runner when the runners are unknown', () => {
    const { crons } = applyEdit([], '{"uid": "c", "name": "mine", "periodicity": "@daily"}');
    expect(crons[0]?.name).toBe('mine');
  });
});

describe('applyEdit with an invalid edit', () => {
  it('applyEdit reports every problem of every entry', () => {
    const text = JSON.stringify([
      { uid: 'a', periodicity: '61 * * * *' },
      { uid: 'b', overlap: 'maybe' },
      { uid: 'c', name: 'unknown', periodicity: '@daily' },
      { name: 'heartbeat', periodicity: '@daily' },
      7,
      { uid: 'd', remove: 'yes' },
    ]);
    expect(problemsOf(text).map(({ where }) => where)).toEqual([
      'crons.0.periodicity',
      'crons.1.overlap',
      'crons.2.name',
      'crons.3.uid',
      'crons.4',
      'crons.5.name',
      'crons.5.periodicity',
      'crons.5.remove',
    ]);
  });

  it('A problem of a single cron has no path of a list', () => {
    expect(problemsOf('{"uid": "b", "overlap": "maybe"}')).toMatchObject([
      { where: 'overlap', got: '"maybe"' },
    ]);
  });

  const fix = 'Write crons as they stand in parameters, each with its uid.';

  it.each([
    [
      '7',
      {
        where: 'value',
        got: kindOf(7),
        wanted: 'a cron, a list of crons, or {"crons": [...]}',
        fix: expect.any(String),
      },
    ],
    ['{"crons": {}}', { where: 'crons', got: kindOf({}), wanted: 'a list of crons', fix }],
    [
      '{"crons": [], "timezone": "UTC"}',
      {
        where: 'timezone',
        got: 'something beside "crons"',
        wanted: 'nothing: an edit is about crons',
        fix: 'Leave it out. "cloudtab plan" shows what other settings of a crontab would change.',
      },
    ],
  ])('applyEdit rejects %s as a whole', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('applyEdit rejects malformed JSON', () => {
    const text = '{"crons": []';
    expect(problemsOf(text)).toEqual(attempt(() => parseJson(text)).problems);
    expect(problemsOf(text)).toHaveLength(1);
  });

  it('applyEdit rethrows an unexpected error of the runner check', () => {
    const broken = {
      problems() {
        throw new TypeError('broken');
      },
    };
    expect(() => applyEdit(CRONS, '{"uid": "a"}', broken)).toThrow(new TypeError('broken'));
  });
});
