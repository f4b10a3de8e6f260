// cspell:ignore nthr
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../lib/core/engine/redactor.ts';
import { MAX_LINE_BYTES, MAX_OUTPUT_BYTES, ProgramOutput } from '../../lib/runners/program-output.ts';

function output(secrets: readonly string[] = []) {
  const lines: string[] = [];
  const redactor = new Redactor(secrets);
  const taken = new ProgramOutput({
    write: (_, line) => lines.push(line),
    redactedStream: () => redactor.stream(),
  });
  const take = (text: string, stream: 'stdout' | 'stderr' = 'stdout') =>
    taken.take(stream, new TextEncoder().encode(text));
  return { lines, take, taken };
}

describe('ProgramOutput', () => {
  it('A line that comes in pieces is written once, when its end has come', async () => {
    const { lines, take, taken } = output();
    take('on');
    take('e\r\ntw');
    expect(lines).toEqual(['one']);
    take('o\n\n');
    expect(lines).toEqual(['one', 'two', '']);
    expect(await taken.end()).toBe(0);
  });

  it('A character that two pieces share is not damaged', async () => {
    const { lines, taken } = output();
    const bytes = new TextEncoder().encode('né\n');
    taken.take('stdout', bytes.subarray(0, 2));
    taken.take('stdout', bytes.subarray(2));
    expect(lines).toEqual(['né']);
  });

  it('The lines of the two streams do not mix', async () => {
    const { lines, take, taken } = output();
    take('out');
    take('err\n', 'stderr');
    await taken.end();
    expect(lines).toEqual(['err', 'out']);
  });

  it('A line longer than 8 KB is cut, and the rest is counted', async () => {
    const { lines, take, taken } = output();
    take('x'.repeat(5_000));
    take(`${'x'.repeat(95_000)}\nshort\n`);
    expect(lines).toEqual([`${'x'.repeat(MAX_LINE_BYTES - 3)}…`, 'short']);
    expect(await taken.end()).toBe(100_000 - MAX_LINE_BYTES);
  });

  it('A secret at the place where a line is cut is removed', () => {
    const secret = 'a-very-long-secret';
    const { lines, take } = output([secret]);
    take(`${'x'.repeat(MAX_LINE_BYTES - 10)}${secret}\n`);
    expect(lines[0]).not.toContain('a-very');
  });

  it.each([1, 3, 7, 1000])(
    'A secret of several lines is removed from output in pieces of %i bytes',
    async (size) => {
      const secret = 'one\ntwo\nthr\u00e9e';
      const { lines, taken } = output([secret]);
      const bytes = new TextEncoder().encode(`before ${secret} after\n${secret}`);
      for (let at = 0; at < bytes.length; at += size) taken.take('stderr', bytes.subarray(at, at + size));
      expect(await taken.end()).toBe(0);
      expect(lines).toEqual(['before [secret] after', '[secret]']);
      expect(taken.lastErrors).toBe('before [secret] after\n[secret]');
    },
  );

  it('The half of a secret is left out where the output is cut', async () => {
    const secret = 'a-very-long-secret';
    const { lines, take, taken } = output([secret]);
    const line = `${'x'.repeat(1023)}\n`;
    take(`${line.repeat(1023)}${'x'.repeat(1014)}${secret}`);
    expect(await taken.end()).toBe(secret.length - 10);
    expect(lines.at(-1)).toBe('x'.repeat(1014));
  });

  it('The first megabyte is written, and what follows is counted', async () => {
    const { lines, take, taken } = output();
    const line = `${'x'.repeat(1023)}\n`;
    take(line.repeat(2000));
    take('rest');
    expect(await taken.end()).toBe(2000 * 1024 + 4 - MAX_OUTPUT_BYTES);
    expect(lines).toHaveLength(MAX_OUTPUT_BYTES / 1024);
  });

  it('Many lines are written a hundred at a time, so that other work goes on', async () => {
    const { lines, take, taken } = output();
    take('x\n'.repeat(1000));
    expect(lines).toHaveLength(100);
    take('y\n'.repeat(1000));
    expect(lines).toHaveLength(100);
    await taken.end();
    expect(lines).toHaveLength(2000);
    take('z\n');
    expect(lines.at(-1)).toBe('z');
  });

  it('The part of a line of one stream is left out when the other one has used all room', async () => {
    const { lines, take, taken } = output();
    take('part', 'stderr');
    take('x\n'.repeat(10_000));
    expect(await taken.end()).toBe(4);
    expect(lines).toHaveLength(10_000);
  });

  it('The last errors are those at the end, also when they are no longer written', () => {
    const { take, taken } = output();
    take('x\n'.repeat(20_000), 'stderr');
    take('the reason\n', 'stderr');
    expect(taken.lastErrors).toBe('x\nx\nx\nx\nthe reason');
    take('y'.repeat(100_000), 'stderr');
    expect(taken.lastErrors).toBe('y'.repeat(1000));
  });

  const FRAMES = Array.from(
    { length: 7 },
    (_, index) => `    at step${index} (file:///srv/job.js:${index}:1)`,
  );
  it.each([
    [
      'a crash of Node.js',
      ['file:///srv/job.js:1', "throw new Error('1')", '^', '', 'Error: 1', ...FRAMES, '', 'Node.js v24.1.0'],
      ['Error: 1'],
    ],
    [
      'an error with fields and a cause',
      [
        '',
        'Error: outer',
        ...FRAMES,
        '  [cause]: Error: inner',
        ...FRAMES,
        "  code: 'x'",
        '}',
        '',
        'Node.js v24.1.0',
      ],
      ['Error: outer', '  [cause]: Error: inner'],
    ],
    [
      'a trace that was not the end',
      ['Error: 1', ...FRAMES, 'The disk is full'],
      [...FRAMES.slice(-4), 'The disk is full'],
    ],
    ['frames alone', FRAMES, FRAMES.slice(-5)],
  ])('The reason of %s is kept rather than its frames', (_, lines, expected) => {
    const { take, taken } = output();
    take(lines.join('\n'), 'stderr');
    expect(taken.lastErrors).toBe(expected.join('\n'));
  });
});
