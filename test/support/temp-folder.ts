/** Temporary folders, each removed after the test that makes it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new empty folder, for a test or its `beforeEach`. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtab-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
