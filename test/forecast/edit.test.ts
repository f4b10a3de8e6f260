import { describe, expect, it } from 'vitest';
import { InvalidError } from '../../lib/domain/errors.ts';
import { applyEdit } from '../../lib/forecast/edit.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { cronOf } from '../support/jobs.ts';

const CRONS = [cronOf({ uid: 'a', environ: { seconds: 1 } }), cronOf({ uid: 'b', timezone: 'Asia/Tokyo' })];
const apply = (value: unknown) => applyEdit(CRONS, JSON.stringify(value), new RunnerTable({}));

/** The message of an edit that is refused. */
function refused(text: string): string {
  try {
    applyEdit(CRONS, text, new RunnerTable({}));
  } catch (error) {
    if (error instanceof InvalidError) return error.message;
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('an edit', () => {
  it('changes what it gives of a present cron, and keeps the rest', () => {
    const { crons, edits } = apply({ uid: 'a', periodicity: '@daily', overlap: 'allow' });
    expect(crons.map((cron) => cron.fields())).toEqual([
      { ...CRONS[0]?.fields(), periodicity: '@daily', overlap: 'allow' },
      CRONS[1]?.fields(),
    ]);
    expect(edits).toEqual([{ uid: 'a', kind: 'edited', fields: ['periodicity', 'overlap'] }]);
  });

  it('adds an absent one at the end, with the defaults', () => {
    const { crons, edits } = apply([{ uid: 'c', name: 'heartbeat', periodicity: '@hourly' }]);
    expect(crons.map(({ uid }) => uid)).toEqual(['a', 'b', 'c']);
    expect(crons[2]?.fields()).toMatchObject({ activated: true, timeout: 300 });
    expect(edits).toEqual([{ uid: 'c', kind: 'added', fields: [] }]);
  });

  it('takes away what it removes, and a field that it gives as null', () => {
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

  it('may remove a cron and add it anew', () => {
    const { crons } = apply([
      { uid: 'a', remove: true },
      { uid: 'a', name: 'heartbeat', periodicity: '@daily' },
    ]);
    expect(crons.map(({ uid }) => uid)).toEqual(['b', 'a']);
    expect(crons[1]?.environ).toEqual({});
  });

  it('that changes nothing says so', () => {
    const { crons, edits } = apply([
      { uid: 'a', periodicity: '0 * * * *' },
      { uid: 'x', remove: true },
    ]);
    expect(crons).toHaveLength(2);
    expect(edits.map(({ kind }) => kind)).toEqual(['unchanged', 'unchanged']);
  });

  it('takes any runner when nobody knows which there are', () => {
    const { crons } = applyEdit([], '{"uid": "c", "name": "mine", "periodicity": "@daily"}');
    expect(crons[0]?.name).toBe('mine');
  });
});

describe('an edit that is not valid', () => {
  it('is refused with every problem of every entry', () => {
    const text = JSON.stringify([
      { uid: 'a', periodicity: '61 * * * *' },
      { uid: 'b', overlap: 'maybe' },
      { uid: 'c', name: 'nobody', periodicity: '@daily' },
      { name: 'heartbeat', periodicity: '@daily' },
      7,
      { uid: 'd', remove: 'yes' },
    ]);
    const lines = refused(text).split('\n');
    expect(lines.map((line) => line.replace(/: got .*/, ''))).toEqual([
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

  it('that is one cron is told without a place in a list', () => {
    expect(refused('{"uid": "b", "overlap": "maybe"}')).toMatch(/^overlap: got "maybe", wanted "skip"/);
  });

  it.each([
    ['7', 'value: got a number, wanted a cron, a list of crons, or {"crons": [...]}.'],
    ['{"crons": {}}', 'crons: got an object, wanted a list of crons.'],
    [
      '{"crons": [], "timezone": "UTC"}',
      'timezone: got something beside "crons", wanted nothing: an edit is about crons.',
    ],
    ['{"crons": []', 'value: got an end at line 1, column 13, wanted a JSON object.'],
  ])('such as %s is told as a whole', (text, message) => {
    expect(refused(text)).toContain(message);
  });

  it('passes on what is no problem of the text', () => {
    const broken = {
      problems() {
        throw new TypeError('broken');
      },
    };
    expect(() => applyEdit(CRONS, '{"uid": "a"}', broken)).toThrow(new TypeError('broken'));
  });
});
