/**
 * `npm run docs:sessions`: runs the commands of each session in the documentation and writes their present output into
 * the pages.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sessionsIn } from './commands.ts';
import { pages, ROOT } from './markdown.ts';
import { playSession } from './play-session.ts';

for (const page of pages) {
  let { text } = page;
  for (const session of sessionsIn(page)) {
    const played = await playSession(session);
    const block = played.map(({ command, output }) => `$ ${command}\n${output}`).join('');
    text = text.replace(session.text, () => block);
  }
  if (text !== page.text) writeFileSync(join(ROOT, page.file), text);
}
