/** `npm run docs:reference`: writes the reference of the command line from the program. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandReference, REFERENCE } from './command-reference.ts';
import { ROOT } from './markdown.ts';

writeFileSync(join(ROOT, REFERENCE), commandReference());
