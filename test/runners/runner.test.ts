import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../lib/domain/errors.ts';
import type { Credentials, Identity } from '../../lib/ports/identity.ts';
import { Runner } from '../../lib/runners/runner.ts';
import { runContext } from '../support/run-context.ts';

describe('a runner', () => {
  it('sees its run', () => {
    class Curious extends Runner {
      seen() {
        const { site, cron, environ, at, late, runId, token, signal, log, tools } = this;
        return { site, cron, environ, at, late, runId, token, signal, log, tools, redact: context.redact };
      }
      run() {}
    }
    const { context } = runContext({ environ: { a: 1 }, late: true });
    expect(new Curious(context).seen()).toEqual(context);
  });

  it('is as short as this', async () => {
    class MyCronJob extends Runner {
      async run() {
        this.log.info('foo');
      }
    }
    const { context, log } = runContext();
    await new MyCronJob(context).run();
    expect(log.messages('info')).toEqual(['foo']);
  });

  it('can take secrets out of a text', () => {
    class Careful extends Runner {
      run() {
        return this.redact('hunter2');
      }
    }
    const { context } = runContext({ redact: (text) => text.replace('hunter2', '***') });
    expect(new Careful(context).run()).toBe('***');
  });
});

describe('acting as the user', () => {
  class Actor extends Runner {
    run() {}
    act() {
      return this.credentials();
    }
  }

  function actor(user: string | undefined, allowedUsers: readonly string[]) {
    const asked: Parameters<Identity['assume']>[] = [];
    const credentials: Credentials = { accessKeyId: 'id', secretAccessKey: 'key' };
    const identity: Identity = {
      async assume(...given) {
        asked.push(given);
        return credentials;
      },
    };
    const limits = { allowedHosts: [], allowedFunctions: [], allowedUsers };
    const { context } = runContext({ cron: user === undefined ? {} : { user }, tools: { identity, limits } });
    return { runner: new Actor(context), asked, credentials };
  }

  it.each([['reader'], ['read*']])('gives credentials of a user that is allowed as %s', async (entry) => {
    const { runner, asked, credentials } = actor('reader', [entry]);
    expect(await runner.act()).toBe(credentials);
    expect(asked).toEqual([['reader', { site: 'default', uid: 'a' }]]);
  });

  it('fails when the cron has no user', async () => {
    await expect(actor(undefined, ['reader']).runner.act()).rejects.toThrow(
      new ConfigurationError(
        'The cron default/a has no user to act as. Give it "user": the name or the ARN of a role.',
      ),
    );
  });

  it('fails when the deployment does not allow the user', async () => {
    const { runner, asked } = actor('admin', []);
    await expect(runner.act()).rejects.toThrow(
      new ConfigurationError(
        'The cron default/a may not act as "admin". This deployment allows: none. Add it to allowedUsers.',
      ),
    );
    expect(asked).toEqual([]);
  });
});
