/** Whether a line is a frame of a stack trace, as those of JavaScript and Java are: `    at main (file.js:3:9)`. */
export function isStackFrame(line: string): boolean {
  return /^\s+at \S/.test(line);
}
