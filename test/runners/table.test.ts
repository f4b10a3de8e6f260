import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../lib/domain/errors.ts';
import { HeartbeatRunner } from '../../lib/runners/heartbeat.ts';
import { LambdaRunner } from '../../lib/runners/lambda.ts';
import { Runner, type Written } from '../../lib/runners/runner.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { runContext } from '../support/run-context.ts';

class Plain extends Runner {
  run() {}
}

class Picky extends Runner {
  static readonly environ = {};
  static check({ name, environ }: Written) {
    return [{ where: name, got: JSON.stringify(environ), wanted: 'luck', cure: 'None.' }];
  }
  run() {}
}

const table = new RunnerTable({ plain: Plain, picky: Picky });

describe('names', () => {
  it('are those that ship and those of the user, sorted', () => {
    expect(table.names()).toEqual(['heartbeat', 'http', 'lambda:<function>', 'picky', 'plain']);
  });

  it.each(['heartbeat', 'http', 'lambda:my-function', 'plain'])('%s is there', (name) => {
    expect(table.has(name)).toBe(true);
  });

  it.each(['', 'Plain', 'lambda:', 'lambda:a b', 'lambda:<function>', 'toString', '__proto__'])(
    '"%s" is not',
    (name) => {
      expect(table.has(name)).toBe(false);
      expect(table.create(name, runContext().context)).toBeUndefined();
    },
  );

  it('may not be taken from a runner that ships', () => {
    expect(() => new RunnerTable({ http: Plain, mine: Plain, 'lambda:x': Plain })).toThrow(
      new ConfigurationError(
        'lambdas/runners registers "http", "lambda:x", which a runner that ships is called. Choose another name.',
      ),
    );
  });

  it.each([
    ['plain', Plain],
    ['heartbeat', HeartbeatRunner],
    ['lambda:f', LambdaRunner],
  ])('%s makes a runner of its class', (name, made) => {
    expect(table.create(name, runContext().context)).toBeInstanceOf(made);
  });
});

describe('descriptions', () => {
  it('say what each runner does and which settings it understands, if it says so', () => {
    const descriptions = table.describe();
    expect(descriptions.map(({ name }) => name)).toEqual(table.names());
    expect(descriptions.find(({ name }) => name === 'plain')).toEqual({ name: 'plain', summary: '' });
    expect(descriptions.find(({ name }) => name === 'heartbeat')).toEqual({
      name: 'heartbeat',
      summary: HeartbeatRunner.summary,
      environ: HeartbeatRunner.environ,
    });
    expect(descriptions.find(({ name }) => name === 'lambda:<function>')).toEqual({
      name: 'lambda:<function>',
      summary: LambdaRunner.summary,
    });
  });
});

describe('an unknown name', () => {
  const wanted = 'the name of a runner: heartbeat, http, lambda:<function>, picky, plain';

  it.each([
    ['heatbeat', 'Did you mean "heartbeat"?'],
    ['HTTP', 'Did you mean "http"?'],
    ['htpt', 'Register it in lambdas/runners, or choose another.'],
    ['backup', 'Register it in lambdas/runners, or choose another.'],
    ['lamda:<function>', 'Did you mean "lambda:<function>"?'],
  ])('%s is a problem with this cure: %s', (name, cure) => {
    expect(table.problems(name, {})).toEqual([{ where: 'name', got: JSON.stringify(name), wanted, cure }]);
  });

  it('comes with what is wrong with its references', () => {
    expect(table.problems('nobody', { a: { $secret: 1 } })).toHaveLength(2);
  });
});

describe('settings', () => {
  it('of a runner without a description may be any', () => {
    expect(table.problems('plain', { any: [null, { thing: 1 }] })).toEqual([]);
  });

  it('are judged by the runner itself when nothing else is wrong', () => {
    expect(table.problems('picky', {})).toEqual([
      { where: 'picky', got: '{}', wanted: 'luck', cure: 'None.' },
    ]);
    expect(table.problems('picky', { a: 1 })).toEqual([
      { where: 'environ.a', got: '1', wanted: 'an empty environ', cure: 'Remove it.' },
    ]);
  });

  it('that are not known are told with the nearest that is', () => {
    expect(table.problems('heartbeat', { secnods: 1, zzz: 2, toString: 'x' })).toEqual([
      {
        where: 'environ.secnods',
        got: '1',
        wanted: 'one of the settings message, warn, fail, seconds',
        cure: 'Did you mean "seconds"? Otherwise remove it.',
      },
      {
        where: 'environ.zzz',
        got: '2',
        wanted: 'one of the settings message, warn, fail, seconds',
        cure: 'Remove it.',
      },
      {
        where: 'environ.toString',
        got: '"x"',
        wanted: 'one of the settings message, warn, fail, seconds',
        cure: 'Remove it.',
      },
    ]);
  });

  it.each([[null], [true], ['2'], [{ $secret: 'seconds' }], [-1]])('seconds cannot be %j', (seconds) => {
    expect(table.problems('heartbeat', { seconds })).toEqual([
      {
        where: 'environ.seconds',
        got: JSON.stringify(seconds),
        wanted: seconds === -1 ? 'a number of seconds, 0 or more' : 'a number',
        cure: 'How long the run takes. For example {"seconds":2}.',
      },
    ]);
  });

  it('may refer to a secret where a text is wanted', () => {
    expect(table.problems('heartbeat', { message: { $secret: 'greeting' } })).toEqual([]);
  });
});

describe('what a deployment allows', () => {
  const limits = {
    allowedHosts: [],
    allowedFunctions: ['mine', 'reports-*', 'arn:aws:lambda:eu-west-1:123456789012:function:other'],
    allowedUsers: [],
  };
  const limited = new RunnerTable({}, limits);

  it.each(['lambda:mine', 'lambda:reports-daily', 'lambda:other'])('%s is fine', (name) => {
    expect(limited.problems(name, {})).toEqual([]);
  });

  it('lambda:theirs is a problem that says what to do', () => {
    expect(limited.problems('lambda:theirs', {})).toEqual([
      {
        where: 'name',
        got: '"lambda:theirs"',
        wanted: `a function that this deployment allows: ${limits.allowedFunctions.join(', ')}`,
        cure: 'Add "theirs" to allowedFunctions of the deployment.',
      },
    ]);
  });

  it('is left to the run where it is not known', () => {
    expect(table.problems('lambda:theirs', { any: 'thing' })).toEqual([]);
  });
});
