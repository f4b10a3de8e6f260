import { describe, expect, it } from 'vitest';
import { tryRunner } from '../../lib/api/try-runner.ts';
import { HttpRunner } from '../../lib/runners/http.ts';
import { Runner } from '../../lib/runners/runner.ts';

class Greeter extends Runner {
  static readonly environ = {
    who: { type: 'string', meaning: 'Whom.', example: 'world' },
    key: { type: 'string', meaning: 'Proof.', example: 'x' },
  } as const;
  async run() {
    this.log.with({ part: 1 }).warn(`Hello ${this.environ.who}`, { at: this.at, key: this.environ.key });
    if (this.environ.who === 'nobody') throw new Error('nobody is there');
    await this.tools.fetch('http://x.example').catch(() => {});
    return this.cron.user;
  }
}

describe('trying a runner', () => {
  it('tells how it ended and what it logged, without secrets', async () => {
    const environ = { who: 'team', key: { $secret: 'k' } };
    const tried = await tryRunner(Greeter, {
      environ,
      secrets: { k: 'hunter2-hunter2' },
      at: 5,
      user: 'alice',
    });
    expect(tried).toEqual({
      status: 'WARN',
      messages: ['alice'],
      lines: [{ level: 'warn', message: 'Hello team', fields: { part: 1, at: 5, key: '[secret]' } }],
    });
  });

  it('says OK when there is nothing to say, and FAILURE when it throws', async () => {
    expect(await tryRunner(Greeter)).toMatchObject({ status: 'OK', messages: [] });
    expect(await tryRunner(Greeter, { environ: { who: 'nobody' } })).toMatchObject({
      status: 'FAILURE',
      messages: ['nobody is there'],
    });
  });

  it('refuses settings as a crontab does', async () => {
    const { status, messages } = await tryRunner(Greeter, { environ: { whom: 'team' } });
    expect(status).toBe('NOTRUN');
    expect(messages[0]).toMatch(/^environ\.whom: /);
  });

  it('says where a secret is missing, and which tool', async () => {
    const missing = await tryRunner(Greeter, { environ: { key: { $secret: 'k' } } });
    expect(missing).toMatchObject({ status: 'FAILURE' });
    expect(missing.messages[0]).toContain('the option "secrets" as k');
    class Caller extends Runner {
      async run() {
        const { signal, tools } = this;
        const session = { site: 'default', uid: 'a' };
        const calls = [tools.functions.invoke('f', {}, signal), tools.identity.assume('alice', session)];
        return (await Promise.allSettled(calls)).map((one) =>
          one.status === 'rejected' ? String(one.reason) : '',
        );
      }
    }
    expect((await tryRunner(Caller)).messages).toEqual([
      'Error: This try reaches nobody: give it "tools.functions".',
      'Error: This try reaches nobody: give it "tools.identity".',
    ]);
  });

  it('reaches nobody unless it is given somebody', async () => {
    const environ = { url: 'https://api.example.com/x' };
    const limits = { allowedHosts: ['api.example.com'] };
    const alone = await tryRunner(HttpRunner, { environ, limits });
    expect(alone.messages[0]).toContain('This try reaches nobody: give it "tools.fetch".');
    const fetch = async () => new Response('fine');
    expect(await tryRunner(HttpRunner, { environ, limits, tools: { fetch } })).toMatchObject({
      status: 'OK',
    });
  });
});
