import { setImmediate } from 'node:timers/promises';
import {
  DeleteParameterCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import { ParameterRegistry } from '../../../lib/adapters/aws/parameter-registry.ts';
import { InvalidError } from '../../../lib/core/domain/errors.ts';
import { parameterName } from '../../../lib/core/domain/names.ts';
import { registryContract } from '../../contracts/registry.ts';
import { awsError } from '../../support/aws-error.ts';
import { BusyClock } from '../../support/busy-clock.ts';
import { FakeSsm, WRITER } from '../../support/fake-ssm.ts';

const CRON = { site: 'site', uid: 'a' };
const NAME = '/cloudtab/site/crons/a';
const PROBLEMS = [
  { where: 'name', got: 'nothing', wanted: 'a runner', fix: 'Add a name.' },
  { where: 'environ.url', got: '"π"', wanted: 'an address (https)', fix: 'Write one.' },
];

function make() {
  const ssm = new FakeSsm();
  const clock = new BusyClock(0);
  const registry = new ParameterRegistry({ client: ssm.client, root: 'cloudtab', clock });
  return { ssm, clock, registry };
}

test('Parameters are written and removed one after the other, and a failure harms none of the others', async () => {
  const { ssm, registry } = make();
  const counts = { now: 0, most: 0 };
  const slowly = async () => {
    counts.now += 1;
    counts.most = Math.max(counts.most, counts.now);
    await setImmediate();
    counts.now -= 1;
    return {};
  };
  ssm.mock.on(DeleteParameterCommand).callsFake(() => slowly());
  ssm.mock.on(PutParameterCommand).callsFake(async () => {
    await slowly();
    throw awsError('ThrottlingException');
  });
  const uids = ['a', 'b'];
  const done = await Promise.allSettled([
    ...uids.map((uid) => registry.write({ site: 'site', uid }, '{}')),
    ...uids.map((uid) => registry.remove({ site: 'site', uid })),
  ]);
  expect(done.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  expect(counts).toEqual({ now: 0, most: 1 });
});

registryContract('ParameterRegistry', async () => {
  const { ssm, registry } = make();
  ssm.emptyPages = true;
  return {
    registry,
    marked: async (key, version) => ssm.labels(parameterName('cloudtab', key), version).includes('rejected'),
    close: async () => {},
  };
});

describe('ParameterRegistry, reading', () => {
  test('ParameterRegistry.read makes one call with the name of the parameter', async () => {
    const { ssm, registry } = make();
    ssm.type(NAME, '{}');
    await registry.read(CRON);
    expect(ssm.mock.calls().map((call) => call.args[0].input)).toEqual([{ Name: NAME }]);
  });

  test('ParameterRegistry.list makes one call for each ten parameters', async () => {
    const { ssm, registry } = make();
    for (let n = 0; n < 23; n++) ssm.type(`/cloudtab/site/crons/${n}`, '{}');
    expect(await Array.fromAsync(registry.list())).toHaveLength(23);
    const page = { Path: '/cloudtab/', Recursive: true, MaxResults: 10 };
    expect(ssm.mock.calls().map((call) => call.args[0].input)).toEqual([
      page,
      { ...page, NextToken: '10' },
      { ...page, NextToken: '20' },
    ]);
  });

  test('ParameterRegistry.list leaves out secrets, other names and parameters of other deployments', async () => {
    const { ssm, registry } = make();
    ssm.type('/cloudtab/site/secrets/token', 'hush');
    ssm.type('/cloudtab/site/crons/a/more', '{}');
    ssm.type('/cloudtab/note', 'hello');
    ssm.type('/cloudtab-2/site/crons/a', '{}');
    ssm.type(NAME, '{}');
    expect((await Array.fromAsync(registry.list())).map(({ site, uid }) => `${site}/${uid}`)).toEqual([
      'site/a',
    ]);
  });

  test('ParameterRegistry returns the type of a parameter that is not a String', async () => {
    const { ssm, registry } = make();
    ssm.type('/cloudtab/site/crons/list', 'a,b', 'StringList');
    ssm.type('/cloudtab/site/crons/secret', 'ciphertext', 'SecureString');
    ssm.type(NAME, '{}');
    expect(await registry.read({ site: 'site', uid: 'secret' })).toHaveProperty('wrongType', 'SecureString');
    expect((await Array.fromAsync(registry.list())).map(({ uid, wrongType }) => [uid, wrongType])).toEqual([
      ['a', undefined],
      ['list', 'StringList'],
      ['secret', 'SecureString'],
    ]);
  });

  test('ParameterRegistry.write names the type when Parameter Store refuses to change it', async () => {
    const { ssm, registry } = make();
    ssm.type(NAME, '{}', 'StringList');
    await expect(registry.write(CRON, '{}')).rejects.toThrow('create it as a String');
  });

  test('ParameterRegistry throws an error that names the parameter or path when AWS refuses to read or throttles a list', async () => {
    const { ssm, registry } = make();
    const denial = awsError('AccessDeniedException', 'not allowed');
    const throttling = awsError('ThrottlingException', 'Rate exceeded');
    ssm.failNext(denial, throttling);
    await expect(registry.read(CRON)).rejects.toMatchObject({
      name: 'UnavailableError',
      message: expect.stringMatching(/^Cannot read \/cloudtab\/site\/crons\/a in Parameter Store: /),
      cause: denial,
    });
    await expect(Array.fromAsync(registry.list())).rejects.toMatchObject({
      name: 'ThrottledError',
      message: expect.stringMatching(/^Cannot list \/cloudtab\/ /),
      cause: throttling,
    });
  });
});

describe('ParameterRegistry.write', () => {
  test('ParameterRegistry.write puts a parameter into the standard tier and reads it back, in two calls', async () => {
    const { ssm, registry } = make();
    await registry.write(CRON, '{}');
    expect(ssm.mock.calls().map((call) => call.args[0].input)).toEqual([
      { Name: NAME, Value: '{}', Type: 'String', Overwrite: true, Tier: 'Standard' },
      { Name: NAME },
    ]);
  });

  test('ParameterRegistry.write moves a value of more than 4 KB to the advanced tier, where shorter values stay', async () => {
    const { ssm, registry } = make();
    await registry.write(CRON, 'x'.repeat(4096));
    expect(ssm.tier(NAME)).toBe('Standard');
    await registry.write(CRON, 'x'.repeat(4097));
    expect(ssm.tier(NAME)).toBe('Advanced');
    expect(await registry.write(CRON, '{}')).toMatchObject({ value: '{}', version: 3 });
  });

  test('ParameterRegistry.write reads again, with backoff, until the new version is visible', async () => {
    const { ssm, clock, registry } = make();
    await registry.write(CRON, '1');
    ssm.behind = 2;
    expect(await registry.write(CRON, '2')).toMatchObject({ value: '2', version: 2 });
    expect(clock.pauses).toEqual([50, 200]);
  });

  test('ParameterRegistry.write throws when the new version does not become visible', async () => {
    const { ssm, registry } = make();
    await registry.write(CRON, '1');
    ssm.behind = 100;
    await expect(registry.write(CRON, '2')).rejects.toThrow(
      'Cannot read /cloudtab/site/crons/a in Parameter Store: version 2 was written, but reads do not return it yet. ' +
        'Nothing is lost: read it again later.',
    );
  });

  test('ParameterRegistry.write rejects an invalid parameter with all its problems, before any call', async () => {
    const { ssm, registry } = make();
    const level = 'letters, digits, dots, underscores and dashes';
    await expect(registry.write({ site: 'a/b', uid: '' }, `{{${'x'.repeat(9000)}`)).rejects.toThrow(
      new InvalidError([
        {
          where: 'value',
          got: '9002 bytes',
          wanted: 'at most 8192 bytes',
          fix: 'Store long texts elsewhere, and refer to them in "environ".',
        },
        { where: 'site', got: '"a/b"', wanted: level, fix: 'Choose another site.' },
        { where: 'uid', got: '""', wanted: level, fix: 'Choose another uid.' },
        {
          where: 'value',
          got: '"{{"',
          wanted: 'no two opening braces in a row',
          fix: 'Write "\\u007b{" in JSON text instead.',
        },
      ]),
    );
    await expect(registry.write(CRON, '')).rejects.toThrow(
      new InvalidError([
        {
          where: 'value',
          got: 'nothing',
          wanted: 'some text',
          fix: 'Write JSON, or remove the parameter.',
        },
      ]),
    );
    expect(ssm.sent).toEqual([]);
  });

  test.each([
    ['short', '{}', awsError('ValidationException', 'the region is on holiday'), 'UnavailableError'],
    ['short', '{}', awsError('TooManyUpdates', 'wait'), 'ThrottledError'],
    ['long', 'x'.repeat(5000), awsError('ValidationException', 'no such tier here'), 'UnavailableError'],
  ])(
    'ParameterRegistry.write of a %s value throws after one call that fails with $2',
    async (_, value, cause, name) => {
      const { ssm, registry } = make();
      ssm.failNext(cause);
      await expect(registry.write(CRON, value)).rejects.toMatchObject({
        name,
        message: expect.stringContaining(NAME),
        cause,
      });
      expect(ssm.sent).toHaveLength(1);
    },
  );

  test("ParameterRegistry.write explains how to fix a user's label on the oldest of 100 versions", async () => {
    const { ssm, registry } = make();
    ssm.failNext(awsError('ParameterMaxVersionLimitExceeded', 'too many'));
    await expect(registry.write(CRON, '1')).rejects.toThrow(
      'Its oldest version carries a label: remove that label in Parameter Store, then save again.',
    );
  });
});

describe('the labels of rejected versions', () => {
  test('The label of a parameter of the wrong type names the type', async () => {
    const { ssm, registry } = make();
    ssm.type(NAME, 'ciphertext', 'SecureString');
    const fix = 'Delete the parameter and create it as a String.';
    const problem = { where: 'type', got: 'SecureString', wanted: 'String', fix };
    await registry.labelRejected({ ...CRON, value: 'ciphertext', version: 1, modified: 0 }, [problem]);
    expect(ssm.labels(NAME, 1)).toEqual(['rejected', 'rejected.type.wanted-String']);
  });

  test('ParameterRegistry.labelRejected writes each problem as a label, in the characters that a label can have', async () => {
    const { ssm, registry } = make();
    const parameter = await registry.write(CRON, '{');
    await registry.labelRejected(parameter, PROBLEMS);
    expect(ssm.labels(NAME, 1)).toEqual([
      'rejected',
      'rejected.name.wanted-a-runner',
      'rejected.environ.url.wanted-an-address-https',
    ]);
  });

  test('ParameterRegistry.labelRejected writes at most four labels and shortens those that are too long', async () => {
    const { ssm, registry } = make();
    const parameter = await registry.write(CRON, '{');
    const manyProblems = Array.from({ length: 20 }, (_, n) => ({
      where: `environ.${n}`,
      got: '',
      wanted: 'é'.repeat(3) + 'x'.repeat(200),
      fix: '',
    }));
    await registry.labelRejected(parameter, manyProblems);
    const labels = ssm.labels(NAME, 1);
    expect(labels).toHaveLength(4);
    for (const label of labels) expect(label).toMatch(/^rejected[A-Za-z0-9_.-]{0,92}$/);
  });

  test('ParameterRegistry.labelRejected removes its earlier labels from all versions and keeps labels of users', async () => {
    const { ssm, registry } = make();
    const first = await registry.write(CRON, '{');
    await registry.labelRejected(first, PROBLEMS);
    await addLabels(ssm, 1, 'checked');
    const second = await registry.write(CRON, '[');
    await registry.labelRejected(second, PROBLEMS.slice(0, 1));
    expect(ssm.labels(NAME, 1)).toEqual(['checked']);
    expect(ssm.labels(NAME, 2)).toEqual(['rejected', 'rejected.name.wanted-a-runner']);
    await registry.labelRejected(second, PROBLEMS.slice(1));
    expect(ssm.labels(NAME, 2)).toEqual(['rejected', 'rejected.environ.url.wanted-an-address-https']);
  });

  test('ParameterRegistry.write succeeds after unlabelRejected has removed the labels from the oldest of 100 versions', async () => {
    const { ssm, registry } = make();
    const first = await registry.write(CRON, '{');
    await registry.labelRejected(first, PROBLEMS);
    for (let n = 2; n <= 100; n++) ssm.type(NAME, String(n));
    await expect(registry.write(CRON, '{}')).rejects.toMatchObject({
      cause: { name: 'ParameterMaxVersionLimitExceeded' },
    });
    await registry.unlabelRejected(CRON, 1);
    expect((await registry.write(CRON, '{}')).version).toBe(101);
    const last = await registry.write(CRON, '[');
    await registry.labelRejected(last, PROBLEMS);
    await registry.unlabelRejected(CRON, last.version);
    expect(ssm.labels(NAME, last.version)).toEqual([]);
  });

  test('ParameterRegistry.labelRejected does nothing when the version has ten labels of users', async () => {
    const { ssm, registry } = make();
    const parameter = await registry.write(CRON, '{');
    await addLabels(ssm, 1, ...Array.from({ length: 10 }, (_, n) => `own-${n}`));
    await registry.labelRejected(parameter, PROBLEMS);
    expect(ssm.labels(NAME, 1)).toHaveLength(10);
  });

  test('ParameterRegistry.labelRejected throws a ThrottledError when AWS throttles', async () => {
    const { ssm, registry } = make();
    const parameter = await registry.write(CRON, '{');
    const cause = awsError('TooManyUpdates', 'wait');
    ssm.failNext(cause);
    await expect(registry.labelRejected(parameter, PROBLEMS)).rejects.toMatchObject({
      name: 'ThrottledError',
      message: expect.stringMatching(/^Cannot label \/cloudtab\/site\/crons\/a /),
      cause,
    });
  });
});

async function addLabels(ssm: FakeSsm, version: number, ...labels: string[]) {
  await ssm.client.send(
    new LabelParameterVersionCommand({ Name: NAME, ParameterVersion: version, Labels: labels }),
  );
}

describe('ParameterRegistry.history', () => {
  test('ParameterRegistry.history returns the writer of a version from AWS and its author from the description', async () => {
    const { registry } = make();
    await registry.write(CRON, '{}', 'arn:aws:iam::123456789012:user/alice');
    expect(await registry.history(CRON)).toEqual([
      {
        value: '{}',
        version: 1,
        modified: expect.any(Number),
        writer: WRITER,
        author: 'arn:aws:iam::123456789012:user/alice',
      },
    ]);
  });

  test('ParameterRegistry.history does not attribute an edit in the console to the author of the previous version', async () => {
    const { ssm, registry } = make();
    await registry.write(CRON, '"one"', 'alice');
    ssm.type(NAME, '"two"');
    expect((await registry.history(CRON)).map(({ author }) => author)).toEqual([undefined, 'alice']);
  });

  test('ParameterRegistry.write shortens an author that is too long for a description', async () => {
    const { ssm, registry } = make();
    await registry.write(CRON, '{}', 'x'.repeat(5000));
    const [call] = ssm.mock.calls();
    expect(call?.args[0].input).toMatchObject({ Description: expect.stringMatching(/^.{100,1024}$/) });
    expect((await registry.history(CRON))[0]?.author).toBe('x'.repeat(512));
  });
});
