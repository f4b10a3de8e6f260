import { LabelParameterVersionCommand } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import { ParameterRegistry } from '../../lib/aws/parameter-registry.ts';
import { InvalidError } from '../../lib/domain/errors.ts';
import { parameterName } from '../../lib/domain/names.ts';
import type { Parameter } from '../../lib/ports/registry.ts';
import { registryContract } from '../contracts/registry.ts';
import { awsError } from '../support/aws-error.ts';
import { BusyClock } from '../support/busy-clock.ts';
import { FakeSsm, WRITER } from '../support/fake-ssm.ts';

const CRON = { site: 'site', uid: 'a' };
const NAME = '/cloudtab/site/crons/a';
const PROBLEMS = [
  { where: 'name', got: 'nothing', wanted: 'a runner', cure: 'Add a name.' },
  { where: 'environ.url', got: '"π"', wanted: 'an address (https)', cure: 'Write one.' },
];

function make() {
  const ssm = new FakeSsm();
  const clock = new BusyClock(0);
  const registry = new ParameterRegistry({ client: ssm.client, root: 'cloudtab', clock });
  return { ssm, clock, registry };
}

async function listed(registry: ParameterRegistry): Promise<Parameter[]> {
  const found: Parameter[] = [];
  for await (const parameter of registry.list()) found.push(parameter);
  return found;
}

registryContract('ParameterRegistry', async () => {
  const { ssm, registry } = make();
  ssm.emptyPages = true;
  return {
    registry,
    marked: async (key, version) => ssm.labels(parameterName('cloudtab', key), version).includes('rejected'),
    close: async () => {},
  };
});

describe('reading parameters', () => {
  test('one is one call, for its name alone', async () => {
    const { ssm, registry } = make();
    ssm.type(NAME, '{}');
    await registry.read(CRON);
    expect(ssm.mock.calls().map((call) => call.args[0].input)).toEqual([{ Name: NAME }]);
  });

  test('a list takes a call for ten', async () => {
    const { ssm, registry } = make();
    for (let n = 0; n < 23; n++) ssm.type(`/cloudtab/site/crons/${n}`, '{}');
    expect(await listed(registry)).toHaveLength(23);
    const page = { Path: '/cloudtab/', Recursive: true, MaxResults: 10 };
    expect(ssm.mock.calls().map((call) => call.args[0].input)).toEqual([
      page,
      { ...page, NextToken: '10' },
      { ...page, NextToken: '20' },
    ]);
  });

  test('secrets, other names and other deployments are not listed', async () => {
    const { ssm, registry } = make();
    ssm.type('/cloudtab/site/secrets/token', 'hush');
    ssm.type('/cloudtab/site/crons/a/more', '{}');
    ssm.type('/cloudtab/note', 'hello');
    ssm.type('/cloudtab-2/site/crons/a', '{}');
    ssm.type(NAME, '{}');
    expect((await listed(registry)).map(({ site, uid }) => `${site}/${uid}`)).toEqual(['site/a']);
  });

  test('an error of AWS says what, where and what to do', async () => {
    const { ssm, registry } = make();
    ssm.failNext(
      awsError('AccessDeniedException', 'not allowed'),
      awsError('ThrottlingException', 'Rate exceeded'),
    );
    await expect(registry.read(CRON)).rejects.toThrow(
      'Cannot read /cloudtab/site/crons/a in Parameter Store: AWS answered AccessDeniedException: not allowed. ' +
        "Allow this action in the policy of the caller's role.",
    );
    await expect(listed(registry)).rejects.toThrow(
      'Cannot list /cloudtab/ in Parameter Store: AWS answered ThrottlingException: Rate exceeded. ' +
        'AWS asks for fewer calls: try again later.',
    );
  });
});

describe('writing parameters', () => {
  test('one is written to the free tier and read back, in two calls', async () => {
    const { ssm, registry } = make();
    await registry.write(CRON, '{}');
    expect(ssm.mock.calls().map((call) => call.args[0].input)).toEqual([
      { Name: NAME, Value: '{}', Type: 'String', Overwrite: true, Tier: 'Standard' },
      { Name: NAME },
    ]);
  });

  test('more than 4 KB goes to the tier that can hold it, and stays there when it shrinks', async () => {
    const { ssm, registry } = make();
    await registry.write(CRON, 'x'.repeat(4096));
    expect(ssm.tier(NAME)).toBe('Standard');
    await registry.write(CRON, 'x'.repeat(4097));
    expect(ssm.tier(NAME)).toBe('Advanced');
    expect(await registry.write(CRON, '{}')).toMatchObject({ value: '{}', version: 3 });
  });

  test('a write that is not seen at once is read again', async () => {
    const { ssm, clock, registry } = make();
    await registry.write(CRON, '1');
    ssm.behind = 2;
    expect(await registry.write(CRON, '2')).toMatchObject({ value: '2', version: 2 });
    expect(clock.pauses).toEqual([50, 200]);
  });

  test('a write that is never seen is told', async () => {
    const { ssm, registry } = make();
    await registry.write(CRON, '1');
    ssm.behind = 100;
    await expect(registry.write(CRON, '2')).rejects.toThrow(
      'Cannot read /cloudtab/site/crons/a in Parameter Store: version 2 was written and is not seen yet. ' +
        'Look again later: nothing is lost.',
    );
  });

  test('what does not fit is told with all its problems, before any call', async () => {
    const { ssm, registry } = make();
    const error = await registry
      .write({ site: 'a/b', uid: '' }, `{{${'x'.repeat(9000)}`)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidError);
    expect(error).toHaveProperty(
      'message',
      [
        'site: got "a/b", wanted letters, digits, dots, underscores and dashes. Choose another site.',
        'uid: got "", wanted letters, digits, dots, underscores and dashes. Choose another uid.',
        'value: got 9002 bytes, wanted at most 8192 bytes. Shorten it: move data to where the runner finds it.',
        'value: got "{{", wanted no two opening braces in a row. Write "\\u007b{" in JSON text instead.',
      ].join('\n'),
    );
    await expect(registry.write(CRON, '')).rejects.toThrow(
      'value: got nothing, wanted some text. Write JSON, or remove the parameter.',
    );
    expect(ssm.sent).toEqual([]);
  });

  test.each([
    ['{}', 'ValidationException', 'the region is on holiday'],
    ['{}', 'TooManyUpdates', 'wait'],
    ['x'.repeat(5000), 'ValidationException', 'no such tier here'],
  ])('any other refusal is passed on', async (value, name, said) => {
    const { ssm, registry } = make();
    ssm.failNext(awsError(name, said));
    await expect(registry.write(CRON, value)).rejects.toThrow(
      `Cannot write ${NAME} in Parameter Store: AWS answered ${name}: ${said}. `,
    );
    expect(ssm.sent).toHaveLength(1);
  });

  test("a person's label on the oldest of 100 versions is named as the cure", async () => {
    const { ssm, registry } = make();
    ssm.failNext(awsError('ParameterMaxVersionLimitExceeded', 'too many'));
    await expect(registry.write(CRON, '1')).rejects.toThrow(
      'Its oldest version carries a label: remove that label in Parameter Store, then save again.',
    );
  });
});

describe('rejections as labels', () => {
  test('they tell what was wanted where, in the characters of a label', async () => {
    const { ssm, registry } = make();
    const parameter = await registry.write(CRON, '{');
    await registry.markRejected(parameter, PROBLEMS);
    expect(ssm.labels(NAME, 1)).toEqual([
      'rejected',
      'rejected.name.wanted-a-runner',
      'rejected.environ.url.wanted-an-address-https',
    ]);
  });

  test('they leave room for those of a person, and are never longer than a label', async () => {
    const { ssm, registry } = make();
    const parameter = await registry.write(CRON, '{');
    const many = Array.from({ length: 20 }, (_, n) => ({
      where: `environ.${n}`,
      got: '',
      wanted: 'é'.repeat(3) + 'x'.repeat(200),
      cure: '',
    }));
    await registry.markRejected(parameter, many);
    const labels = ssm.labels(NAME, 1);
    expect(labels).toHaveLength(4);
    for (const label of labels) expect(label).toMatch(/^rejected[A-Za-z0-9_.-]{0,92}$/);
  });

  test('a new mark takes the old one away, on whatever version, and leaves what a person wrote', async () => {
    const { ssm, registry } = make();
    const first = await registry.write(CRON, '{');
    await registry.markRejected(first, PROBLEMS);
    await labelled(ssm, 1, 'checked');
    const second = await registry.write(CRON, '[');
    await registry.markRejected(second, PROBLEMS.slice(0, 1));
    expect(ssm.labels(NAME, 1)).toEqual(['checked']);
    expect(ssm.labels(NAME, 2)).toEqual(['rejected', 'rejected.name.wanted-a-runner']);
    await registry.markRejected(second, PROBLEMS.slice(1));
    expect(ssm.labels(NAME, 2)).toEqual(['rejected', 'rejected.environ.url.wanted-an-address-https']);
  });

  test('an old mark does not hinder writing once it is taken away, also in a long history', async () => {
    const { ssm, registry } = make();
    const first = await registry.write(CRON, '{');
    await registry.markRejected(first, PROBLEMS);
    for (let n = 2; n <= 100; n++) ssm.type(NAME, String(n));
    await expect(registry.write(CRON, '{}')).rejects.toThrow('ParameterMaxVersionLimitExceeded');
    await registry.unmarkRejected(CRON, 1);
    expect((await registry.write(CRON, '{}')).version).toBe(101);
    const late = await registry.write(CRON, '[');
    await registry.markRejected(late, PROBLEMS);
    await registry.unmarkRejected(CRON, late.version);
    expect(ssm.labels(NAME, late.version)).toEqual([]);
  });

  test("ten labels of a person's own leave no room, and that is fine", async () => {
    const { ssm, registry } = make();
    const parameter = await registry.write(CRON, '{');
    await labelled(ssm, 1, ...Array.from({ length: 10 }, (_, n) => `own-${n}`));
    await registry.markRejected(parameter, PROBLEMS);
    expect(ssm.labels(NAME, 1)).toHaveLength(10);
  });

  test('any other refusal is passed on', async () => {
    const { ssm, registry } = make();
    const parameter = await registry.write(CRON, '{');
    ssm.failNext(awsError('TooManyUpdates', 'wait'));
    await expect(registry.markRejected(parameter, PROBLEMS)).rejects.toThrow(
      'Cannot label /cloudtab/site/crons/a in Parameter Store: AWS answered TooManyUpdates: wait. ' +
        'AWS asks for fewer calls: try again later.',
    );
  });
});

async function labelled(ssm: FakeSsm, version: number, ...labels: string[]) {
  await ssm.client.send(
    new LabelParameterVersionCommand({ Name: NAME, ParameterVersion: version, Labels: labels }),
  );
}

describe('the history of a parameter', () => {
  test('tells who wrote a version, as AWS knows, and who asked for it, as was noted', async () => {
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

  test('a note that a later edit in the console leaves standing is not taken for that edit’s', async () => {
    const { ssm, registry } = make();
    await registry.write(CRON, '"one"', 'alice');
    ssm.type(NAME, '"two"');
    expect((await registry.history(CRON)).map(({ author }) => author)).toEqual([undefined, 'alice']);
  });

  test('a name that is too long for a description is cut', async () => {
    const { ssm, registry } = make();
    await registry.write(CRON, '{}', 'x'.repeat(5000));
    const [call] = ssm.mock.calls();
    expect(call?.args[0].input).toMatchObject({ Description: expect.stringMatching(/^.{100,1024}$/) });
    expect((await registry.history(CRON))[0]?.author).toBe('x'.repeat(512));
  });
});
