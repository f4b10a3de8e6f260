/** Makes one line of an error and the frames below it, which a program wrote as lines of their own or in the same text. */
import { isStackFrame } from '../../core/domain/stack-frame.ts';
import type { OutputLine } from '../../core/ports/run-output.ts';

/**
 * The frames become the `stack` of the line before them, with all that follows them in the same text, such as the cause of
 * the error. Frames at the beginning stay below the first of them.
 */
export function foldStacks(lines: readonly OutputLine[]): OutputLine[] {
  const folded: OutputLine[] = [];
  for (const line of lines) {
    const before = folded.at(-1);
    if (before && isStackFrame(line.message)) folded.splice(-1, 1, withFrame(before, line.message));
    else folded.push(foldText(line));
  }
  return folded;
}

/** `console.error(error)` writes the error with its frames as one text. */
function foldText(line: OutputLine): OutputLine {
  const [head = '', ...rest] = line.message.split(/\n(?=\s+at \S)/);
  return rest.length === 0 ? line : withFrame({ ...line, message: head }, rest.join('\n'));
}

function withFrame({ fields = {}, ...line }: OutputLine, frame: string): OutputLine {
  const stack = typeof fields.stack === 'string' ? `${fields.stack}\n${frame}` : frame;
  return { ...line, fields: { ...fields, stack } };
}
