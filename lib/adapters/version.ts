import { createRequire } from 'node:module';

/** The version of the package, found by its name: the path to package.json differs between source and build. */
export function version(): string {
  const { version }: { version: string } = createRequire(import.meta.url)('cloudtab/package.json');
  return version;
}
