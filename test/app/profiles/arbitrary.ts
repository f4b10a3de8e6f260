// cspell:ignore letrec
/** Random valid crontabs, with text that needs quoting or escaping in some format. */
import fc from 'fast-check';
import type { Exported } from '../../../lib/app/profiles/dump.ts';
import type { CronFields, Json, JsonObject } from '../../../lib/core/domain/cron.ts';
import { loadCron } from '../../../lib/core/domain/cron-schema.ts';
import type { CrontabSettings } from '../../../lib/core/domain/crontab-settings.ts';

const AWKWARD = [
  ']]>',
  '100%',
  '\\%',
  '# cloudtab: {}',
  'null',
  'yes',
  '*/5',
  '@daily',
  '- x',
  'a: b',
  '<&>"\'',
  'line\nline',
  'tab\tend ',
  ' padded ',
  '\u2028',
  '\uffff',
  'é€😀',
  '1e3',
  '0o17',
  '~',
  '{}',
  'root x',
  'CRON_TZ=UTC',
  '',
];

const text = fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ unit: 'grapheme', maxLength: 12 }));
const key = fc.oneof(fc.constantFrom('url', 'a b', '1', 'é', 'x.y'), fc.string({ maxLength: 6 }));
const wellNamed = (name: string) => name !== '__proto__' && name !== '$secret';

const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 2 },
    text,
    fc.integer(),
    fc
      .double({ noNaN: true, min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
      .map((number) => (Math.abs(number) < 1e-100 ? 0 : number)),
    fc.boolean(),
    fc.constant(null),
    fc.constant({ $secret: 'token' }),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(key.filter(wellNamed), tie('json'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const environ = fc
  .dictionary(key.filter(wellNamed), json, { maxKeys: 3, noNullPrototype: true })
  .map((object) => JSON.parse(JSON.stringify(object)) as JsonObject);

const field = (least: number, most: number) =>
  fc.oneof(fc.constant('*'), fc.integer({ min: least, max: most }).map(String));

const periodicity = fc.oneof(
  fc.constantFrom(
    '@daily',
    '@hourly',
    '*/5 * * * *',
    '0 3 * * mon-fri',
    'H H * * *',
    '0  3 *\t* *',
    '15 2 L * *',
  ),
  fc
    .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
    .map((fields) => fields.join(' ')),
);

/** Without control characters, which XML cannot hold. */
const name = fc.oneof(
  fc.constantFrom('heartbeat', 'http', 'lambda:reports', 'command', 'a runner', 'cost 100%', '<b>&"'),
  fc
    .string({ minLength: 1, maxLength: 12 })
    .map((word) => word.trim())
    .filter((word) => word !== ''),
);

const command = fc
  .constantFrom('backup.sh --all', 'date +%F > "x y"', 'true', 'lambda:x', 'root ls', '{"a":1}', 'a\nb', ' x')
  .map((line) => ({ name: 'command', environ: { command: line } }));

/** Valid crons of all kinds. */
export const cronFields: fc.Arbitrary<CronFields> = fc
  .record(
    {
      uid: fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/),
      task: fc.oneof(
        { weight: 4, arbitrary: fc.record({ name, environ }) },
        { weight: 1, arbitrary: command },
      ),
      periodicity,
      activated: fc.boolean(),
      logsLimit: fc.integer({ min: 1, max: 25 }),
      description: fc.constantFrom('Nightly backup', 'two\nlines: "a" & <b>'),
      tags: fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,4}(-[a-z0-9]{1,4}){0,2}$/), {
        minLength: 1,
        maxLength: 10,
      }),
      user: fc.constantFrom('backup', 'arn:aws:iam::1:role/x', 'a "b" <c>'),
      timezone: fc.constantFrom('UTC', 'Europe/Paris', 'Asia/Tokyo'),
      overlap: fc.constantFrom('skip', 'buffer', 'allow'),
      missed: fc.constantFrom('once', 'all', 'skip'),
      maxLateness: fc.integer({ min: 60, max: 100_000 }),
      timeout: fc.integer({ min: 1, max: 870 }),
    },
    { requiredKeys: ['uid', 'task', 'periodicity'] },
  )
  .map(({ task, ...fields }) => loadCron({ ...fields, ...task }).fields());

const settings: fc.Arbitrary<CrontabSettings> = fc.record({
  activated: fc.boolean(),
  readOnly: fc.constant(false),
  timezone: fc.constantFrom('UTC', 'Europe/Paris'),
});

/** Crontabs of up to eight crons. */
export const crontabs: fc.Arbitrary<Exported> = fc.record({
  site: fc.constant('shop'),
  settings,
  crons: fc.uniqueArray(cronFields, { maxLength: 8, selector: ({ uid }) => uid }),
});
