/** Which version of cloudtab this is. */
import { createRequire } from 'node:module';

/** As its package says. By the name of the package: from here and from what is built it is not equally far. */
export function version(): string {
  const { version }: { version: string } = createRequire(import.meta.url)('cloudtab/package.json');
  return version;
}
