import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../lib/core/domain/errors.ts';
import type { Credentials, Identity } from '../../lib/core/ports/identity.ts';
import { Runner } from '../../lib/runners/runner.ts';
import { runContext } from '../support/run-context.ts';

describe('Runner', () => {
  it('A runner can read its run context', () => {
    class Curious extends Runner {
      seen() {
        const { site, cron, environ, plannedAt, late, runId, token, signal, log, tools } = this;
        return {
          site,
          cron,
          environ,
          plannedAt: plannedAt,
          late,
          runId,
          token,
          signal,
          log,
          tools,
          redact: context.redact,
        };
      }
      run() {}
    }
    const { context } = runContext({ environ: { a: 1 }, late: true });
    const { logger, secrets: _secrets, redactedStream: _stream, ...rest } = context;
    expect(new Curious(context).seen()).toEqual({ ...rest, log: logger });
  });

  it('A runner needs only a run method', async () => {
    class MyCronJob extends Runner {
      async run() {
        this.log.info('foo');
      }
    }
    const { context, logger } = runContext();
    await new MyCronJob(context).run();
    expect(logger.messages('info')).toEqual(['foo']);
  });

  it('A runner can redact secrets in a text', () => {
    class Careful extends Runner {
      run() {
        return this.redact('hunter2');
      }
    }
    const { context } = runContext({ secrets: ['hunter2'] });
    expect(new Careful(context).run()).toBe('[secret]');
  });
});

describe('Runner.credentials', () => {
  class Actor extends Runner {
    run() {}
    act() {
      return this.credentials();
    }
  }

  function actor(user: string | undefined, allowedUsers: readonly string[]) {
    const assumed: Parameters<Identity['assume']>[] = [];
    const credentials: Credentials = { accessKeyId: 'id', secretAccessKey: 'key' };
    const identity: Identity = {
      async assume(...given) {
        assumed.push(given);
        return credentials;
      },
    };
    const limits = { allowedHosts: [], allowedFunctions: [], allowedUsers };
    const { context } = runContext({ cron: user === undefined ? {} : { user }, tools: { identity, limits } });
    return { runner: new Actor(context), assumed, credentials };
  }

  it.each([['reader'], ['read*']])(
    'A runner gets the credentials of a user that the entry %s allows',
    async (entry) => {
      const { runner, assumed, credentials } = actor('reader', [entry]);
      expect(await runner.act()).toBe(credentials);
      expect(assumed).toEqual([['reader', { site: 'default', uid: 'a' }]]);
    },
  );

  it('A runner gets no credentials when the cron has no user', async () => {
    await expect(actor(undefined, ['reader']).runner.act()).rejects.toThrow(
      new ConfigurationError(
        'The cron default/a has no user to act as. Give it "user": the name or the ARN of a role.',
      ),
    );
  });

  it('A runner gets no credentials of a user that the deployment does not allow', async () => {
    const { runner, assumed } = actor('admin', []);
    await expect(runner.act()).rejects.toThrow(
      new ConfigurationError(
        'The cron default/a may not act as "admin". A site without limits of its own may act as: none. ' +
          'Add "admin" to allowedUsers in the limits of the deployment, for the site or for "*", and deploy it.',
      ),
    );
    expect(assumed).toEqual([]);
  });
});
