/** The comments of a Unix crontab as the descriptions of the crons below them. */
/** The column titles and the marks that programs put at the head of a crontab; what is above them is about the file. */
const HEAD = /^(?:m(?:in(?:ute)?)?\s+h(?:our)?\b|DO NOT EDIT\b|\(.* installed on |\(Cron version )/i;

/** Those of consecutive lines, until a cron takes them. */
export class CrontabComments {
  #lines: string[] = [];

  add(line: string): void {
    // Without the characters of lines and boxes that people draw.
    const text = line.replace(/^[\s#*=|.+-]+|[\s#*=|+-]+$/g, '');
    if (HEAD.test(text)) this.clear();
    else if (text !== '') this.#lines.push(text);
  }

  clear(): void {
    this.#lines = [];
  }

  /** The description of the cron below them; empty if there is none. `mailTo` is the address of its mail. */
  take(mailTo: string): string {
    const parts = [...this.#lines, ...(mailTo === '' ? [] : [`MAILTO=${mailTo}`])];
    this.clear();
    return parts.join('\n');
  }
}
