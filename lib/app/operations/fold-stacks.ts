/** Makes one line of an error and the frames below it, which a program wrote as lines of their own. */
import { isStackFrame } from '../../core/domain/stack-frame.ts';
import type { OutputLine } from '../../core/ports/run-output.ts';

/** The frames become the `stack` of the line before them. Frames at the beginning stay below the first of them. */
export function foldStacks(lines: readonly OutputLine[]): OutputLine[] {
  const folded: OutputLine[] = [];
  for (const line of lines) {
    const before = folded.at(-1);
    if (before && isStackFrame(line.message)) folded.splice(-1, 1, withFrame(before, line.message));
    else folded.push(line);
  }
  return folded;
}

function withFrame({ fields = {}, ...line }: OutputLine, frame: string): OutputLine {
  const stack = typeof fields.stack === 'string' ? `${fields.stack}\n${frame}` : frame;
  return { ...line, fields: { ...fields, stack } };
}
