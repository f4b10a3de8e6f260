import { describe, expect, it } from 'vitest';
import { childPrograms } from '../../lib/adapters/child-programs.ts';
import { tryRunner } from '../../lib/client/try-runner.ts';
import { CommandRunner } from '../../lib/runners/command.ts';
import { HttpRunner } from '../../lib/runners/http.ts';
import { Runner } from '../../lib/runners/runner.ts';
import { startServer } from '../support/answering-server.ts';

class Greeter extends Runner {
  static readonly environ = {
    recipient: { type: 'string', meaning: 'The recipient.', example: 'world' },
    key: { type: 'string', meaning: 'The key.', example: 'x' },
  } as const;
  async run() {
    const { recipient, key } = this.environ;
    this.log.with({ part: 1 }).warn(`Hello ${recipient}`, { plannedAt: this.plannedAt, key });
    if (recipient === 'unknown') throw new Error('unknown recipient');
    await this.tools.fetch('http://x.example').catch(() => {});
    return this.cron.user;
  }
}

describe('tryRunner', () => {
  it('A try returns the status, the messages and the output of a runner, without secrets', async () => {
    const environ = { recipient: 'team', key: { $secret: 'k' } };
    const result = await tryRunner(Greeter, {
      environ,
      secrets: { k: 'hunter2-hunter2' },
      plannedAt: 5,
      user: 'alice',
      limits: { allowedUsers: ['alice'] },
    });
    expect(result).toEqual({
      status: 'WARN',
      messages: ['alice'],
      lines: [{ level: 'warn', message: 'Hello team', fields: { part: 1, plannedAt: 5, key: '[secret]' } }],
    });
  });

  it('A try ends as OK without a message, and as FAILURE when the runner throws', async () => {
    expect(await tryRunner(Greeter)).toMatchObject({ status: 'OK', messages: [] });
    expect(await tryRunner(Greeter, { environ: { recipient: 'unknown' } })).toMatchObject({
      status: 'FAILURE',
      messages: ['unknown recipient'],
    });
  });

  it('A try with invalid settings ends as NOTRUN with the problem', async () => {
    const { status, messages } = await tryRunner(Greeter, { environ: { recipients: 'team' } });
    expect(status).toBe('NOTRUN');
    expect(messages[0]).toMatch(/^environ\.recipients: /);
  });

  it('A try that lacks a secret or a tool names it', async () => {
    const resultWithoutSecret = await tryRunner(Greeter, { environ: { key: { $secret: 'k' } } });
    expect(resultWithoutSecret).toMatchObject({ status: 'FAILURE' });
    expect(resultWithoutSecret.messages[0]).toContain('the option "secrets" as k');
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
      'Error: The runner used the tool "functions", which this test does not have. Pass it as "tools.functions".',
      'Error: The runner used the tool "identity", which this test does not have. Pass it as "tools.identity".',
    ]);
  });

  it('A try starts no program unless it is given programs', async () => {
    const environ = { command: 'true' };
    const limits = { allowCommands: true };
    const without = await tryRunner(CommandRunner, { environ, limits });
    expect(without.messages[0]).toContain('"tools.programs"');
    const tools = { programs: childPrograms };
    expect(await tryRunner(CommandRunner, { environ, limits, tools })).toMatchObject({ status: 'OK' });
    expect(await tryRunner(CommandRunner, { environ })).toMatchObject({ status: 'NOTRUN' });
  });

  it('A try resolves no name unless it is given resolve', async () => {
    await using server = await startServer((_asked, response) => response.end());
    const environ = { url: `http://api.example:${server.host.split(':')[1]}/` };
    const limits = { allowedHosts: [`http://${server.host}`, 'http://*:*'] };
    const { messages } = await tryRunner(HttpRunner, { environ, limits });
    expect(messages[0]).toContain('"tools.resolve"');
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    expect(await tryRunner(HttpRunner, { environ, limits, tools: { resolve } })).toMatchObject({
      status: 'OK',
    });
  });
});
