/** The linter refuses imports against the direction of the layers, and clocks, processes and randomness in lib/core. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const NO_CLOCK = 'lib/core has no clock. Take the time as an argument, or use the port Clock.';
const NO_RANDOM = 'lib/core has no randomness. Use the port Random.';
const CORE = 'lib/core/engine imports only itself, lib/core/domain, lib/core/ports and pure libraries.';
const PORTS =
  'lib/core/ports and lib/core/forecast import only themselves, lib/core/domain and pure libraries.';
const APP = 'lib/app imports only itself and lib/core.';
const RUNNERS = 'lib/runners imports only itself and lib/core.';
const ADAPTERS =
  'lib/adapters imports only lib/core and lib/runners; aws and local do not import each other.';
const WORKER =
  'lib/adapters/local/worker imports only itself, the local and shared adapters, lib/core and lib/runners.';
const AWS = 'lib/adapters/aws imports only itself, the shared adapters, lib/core and lib/runners.';
const WEB =
  'lib/surfaces/web imports only itself, lib/app and lib/core/domain: it has no ports, and calls operations.';
const SURFACES =
  'lib/surfaces imports only lib/app, lib/client, lib/core/domain, lib/core/forecast and lib/runners: it has no ports, and calls operations.';
const CLIENT = 'lib/client imports only itself, lib/app, lib/core, lib/adapters and lib/runners.';
const DEPLOY =
  'lib/deploy imports only itself, lib/adapters/aws, the version, lib/app/profiles, lib/core, and the limits and files of runners.';
const PACKAGES = 'Only lib/adapters/aws imports the AWS SDK, and only lib/deploy and bin/app.ts import CDK.';
const NO_SDK = 'Only lib/adapters/aws imports the AWS SDK.';
const NO_CDK = 'Only lib/deploy and bin/app.ts import CDK.';

const importOf = (...modules: readonly string[]) => modules.map((name) => `import '${name}';\n`).join('');
const globalMessage = (name: string) => `Do not use the global variable ${name}.`;

const VIOLATIONS: readonly (readonly [file: string, source: string, message: string])[] = [
  ['lib/core/domain/planted.ts', 'export const now = Date.now();\n', NO_CLOCK],
  ['lib/core/domain/date.ts', 'export const today = new Date();\n', NO_CLOCK],
  ['lib/core/domain/date-text.ts', 'export const today = Date();\n', NO_CLOCK],
  ['lib/core/forecast/clock.ts', 'export const clock = { now: Date.now };\n', NO_CLOCK],
  ['lib/core/engine/signal.ts', 'export const signal = AbortSignal.timeout(1);\n', NO_CLOCK],
  ['lib/core/engine/random.ts', 'export const random = Math.random();\n', NO_RANDOM],
  ...['process', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Worker', 'crypto'].map(
    (name) => [`lib/core/ports/${name}.ts`, `export const used = ${name};\n`, globalMessage(name)] as const,
  ),
  ['lib/core/domain/node.ts', importOf('node:fs'), 'lib/core/domain imports only itself and pure libraries.'],
  ['lib/core/engine/app.ts', importOf('../../app/setup.ts'), CORE],
  ['lib/core/engine/execute.ts', importOf('../../runners/table.ts'), CORE],
  ['lib/core/ports/engine.ts', importOf('../engine/run.ts'), PORTS],
  ['lib/app/adapters.ts', importOf('../adapters/system-clock.ts'), APP],
  ['lib/app/operations/runners.ts', 'export const table = import("../../runners/table.ts");\n', APP],
  ['lib/app/operations/web.ts', importOf('../../surfaces/web/app.ts'), APP],
  ['lib/app/operations/sdk.ts', importOf('@aws-sdk/client-ssm'), PACKAGES],
  ['lib/runners/app.ts', importOf('../app/setup.ts'), RUNNERS],
  ['lib/runners/smithy.ts', importOf('@smithy/signature-v4'), PACKAGES],
  ['lib/adapters/local/app.ts', "export type { Setup } from '../../app/setup.ts';\n", ADAPTERS],
  ['lib/adapters/local/aws.ts', importOf('../aws/clients.ts'), ADAPTERS],
  ['lib/adapters/index.ts', importOf('../index.ts'), ADAPTERS],
  ['lib/adapters/lambdas.ts', importOf('../../lambdas/runners/hello.ts'), ADAPTERS],
  ['lib/adapters/local/worker/aws.ts', importOf('../../aws/clients.ts'), WORKER],
  ['lib/adapters/aws/web.ts', importOf('../../surfaces/web/app.ts'), AWS],
  ['lib/adapters/aws/cdk.ts', importOf('aws-cdk-lib'), NO_CDK],
  ['lib/surfaces/web/api/adapters.ts', importOf('../../../adapters/system-clock.ts'), WEB],
  ['lib/surfaces/web/cli.ts', importOf('../cli/main.ts'), WEB],
  ['lib/surfaces/web/ports.ts', importOf('../../core/ports/store.ts'), WEB],
  ['lib/surfaces/cli/adapters.ts', importOf('../../adapters/aws/clients.ts'), SURFACES],
  ['lib/surfaces/cli/lambdas.ts', importOf('../../../lambdas/runners/hello.ts'), SURFACES],
  ['lib/surfaces/cli/store.ts', importOf('../../core/ports/store.ts'), SURFACES],
  ['lib/surfaces/sdk/crontabs.ts', importOf('../../adapters/local/folder-target.ts'), SURFACES],
  ['lib/client/web.ts', importOf('../surfaces/web/app.ts'), CLIENT],
  ['lib/surfaces/cli/start.ts', importOf('aws-cdk-lib/aws-lambda'), PACKAGES],
  ['lib/deploy/constructs/local.ts', importOf('../../adapters/local/folder.ts'), DEPLOY],
  ['lib/deploy/bundling/web.ts', importOf('../../surfaces/web/assets/assets.ts'), DEPLOY],
  [
    'lib/index.ts',
    importOf('./adapters/system-clock.ts'),
    'lib/index.ts exports only names of lib/app, lib/core, lib/runners and lib/surfaces/sdk.',
  ],
  ['lib/cdk.ts', importOf('./surfaces/cli/main.ts'), 'lib/cdk.ts exports only names of lib/deploy.'],
  ['bin/cdk.ts', importOf('aws-cdk-lib'), PACKAGES],
  ['bin/app.ts', importOf('@aws-sdk/client-ssm'), NO_SDK],
  ['lambdas/sdk.ts', importOf('@aws-sdk/client-ssm'), PACKAGES],
];

const ALLOWED: readonly (readonly [file: string, source: string])[] = [
  ['lib/core/domain/allowed.ts', `${importOf('./cron.ts', 'zod/mini')}export const start = new Date(0);\n`],
  ['lib/core/engine/allowed.ts', importOf('./execute.ts', '../domain/cron.ts', '../ports/clock.ts')],
  ['lib/app/profiles/allowed.ts', importOf('../operations/read.ts', '../../core/domain/cron.ts')],
  ['lib/adapters/aws/allowed.ts', importOf('@aws-sdk/client-ssm', '../system-clock.ts')],
  ['lib/adapters/local/worker/allowed.ts', importOf('../folder.ts', '../../../core/domain/cron.ts')],
  ['lib/surfaces/web/pages/allowed.ts', importOf('../app.ts', '../api/mount.ts', '../../../app/setup.ts')],
  ['lib/client/target.ts', importOf('../adapters/local/folder-target.ts', '../app/door/call.ts')],
  ['lib/surfaces/cli/ls.ts', importOf('../../client/client.ts', '../web/local-server.ts')],
  ['lib/deploy/bundling/inlined.ts', importOf('../../surfaces/web/assets/assets.ts')],
  ['lib/deploy/constructs/allowed.ts', importOf('aws-cdk-lib', '../../adapters/aws/outputs.ts')],
  ['lambdas/runners/allowed.ts', importOf('@aws-sdk/client-s3')],
];

/** The messages of the linter, by file. */
const messages = new Map<string, string[]>();

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtab-lint-'));
  for (const name of ['biome.jsonc', '.biome'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  for (const [file, source] of [...VIOLATIONS, ...ALLOWED]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), source);
  }
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--reporter=github', '--max-diagnostics=none'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  for (const [, path = '', message = ''] of stdout.matchAll(/^::error .*?\bfile=([^,]*).*?::(.*)$/gm)) {
    const file = path.slice(path.indexOf(folder) + folder.length + 1);
    messages.set(file, [...(messages.get(file) ?? []), message]);
  }
  rmSync(folder, { recursive: true });
});

describe('the linter', () => {
  it.each(VIOLATIONS)('The linter refuses %s with the content %j', (file, _, message) => {
    expect(messages.get(file)).toEqual([message]);
  });

  it.each(ALLOWED)('The linter accepts %s with the content %j', (file) => {
    expect(messages.get(file)).toBeUndefined();
  });
});
