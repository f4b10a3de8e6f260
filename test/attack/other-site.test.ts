/**
 * A person who may edit the crons of the site "shop" and wants what only "payroll" may reach: its role, its function, its host,
 * programs. The runners that ship and one of the deployment's own are tried, at the edit on each surface, at the projection,
 * and at the run of a cron that was accepted before.
 */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StsIdentity } from '../../lib/adapters/aws/sts-identity.ts';
import { makeDoor } from '../../lib/app/door/call.ts';
import type { JsonObject } from '../../lib/core/domain/cron.ts';
import { readCron } from '../../lib/core/domain/cron-schema.ts';
import type { LimitsBySite } from '../../lib/core/domain/site-limits.ts';
import { execute } from '../../lib/core/engine/execute.ts';
import { projectParameter } from '../../lib/core/engine/project-parameter.ts';
import type { Functions } from '../../lib/core/ports/functions.ts';
import type { Identity } from '../../lib/core/ports/identity.ts';
import type { Programs } from '../../lib/core/ports/programs.ts';
import { PublishedRunners } from '../../lib/runners/published-runners.ts';
import { Runner, type RunnerTools } from '../../lib/runners/runner.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { makeApp } from '../../lib/surfaces/web/app.ts';
import { awsError } from '../support/aws-error.ts';
import { cronOf, leaseOf, NOON } from '../support/jobs.ts';
import { runContext } from '../support/run-context.ts';
import { makeWorld, type World } from '../support/world.ts';

const LIMITS: LimitsBySite = {
  '*': { allowedHosts: ['status.example.com'] },
  payroll: {
    allowedHosts: ['bank.example.com'],
    allowedFunctions: ['pay-*'],
    allowedUsers: ['payroll'],
    allowCommands: true,
  },
};

/** Acts as the user of its cron, as a runner of a deployment may. */
class Actor extends Runner {
  async run() {
    await this.credentials();
  }
}

const table = new RunnerTable({ actor: Actor }, { bySite: LIMITS });
const DAILY = { periodicity: '@daily' };
/** What the attacker writes, by what is wanted. */
const WANTED = {
  role: { ...DAILY, name: 'actor', user: 'payroll' },
  'role for a runner that ships': { ...DAILY, name: 'heartbeat', user: 'payroll' },
  function: { ...DAILY, name: 'lambda:pay-out', environ: { amount: 1 } },
  host: { ...DAILY, name: 'http', environ: { url: 'https://bank.example.com/transfer' } },
  program: { ...DAILY, name: 'command', environ: { command: 'cat /proc/1/environ' } },
};
const attempts = Object.entries(WANTED);

/** A cron that was accepted while its site was allowed what it wants. */
const acceptedAs = (definition: object) => cronOf({ environ: {}, ...definition });

let world: World;
let used: string[];
beforeEach(() => {
  used = [];
  world = makeWorld();
  const runners = { ...table.withTools(watchedTools()), describe: () => table.describe() };
  Object.assign(world.ports, { runners });
});
afterEach(() => world.close());

/** The tools of a run, which note what they are used for. */
function watchedTools(): RunnerTools {
  const use = async (what: string) => {
    used.push(what);
    throw new Error(`${what} was reached`);
  };
  const functions: Functions = { invoke: (name) => use(name) };
  const identity: Identity = { assume: (user) => use(user) };
  const resolve = (host: string) => use(host);
  const programs: Programs = {
    start: ({ args }) => {
      used.push(String(args));
      throw new Error('a program was started');
    },
  };
  return { ...runContext().context.tools, functions, identity, resolve, programs };
}

describe.each(attempts)('the %s of another site', (_, definition) => {
  it('It is refused at an edit through the door: API, pages and programs', async () => {
    const call = makeDoor(world.ports).as({});
    await call('addCron', { site: 'payroll', newSite: true }, definition as never);
    await expect(call('addCron', { site: 'shop', newSite: true }, definition as never)).rejects.toMatchObject(
      { name: 'InvalidError' },
    );
    const response = await makeApp(makeDoor(world.ports)).request('/api/sites/shop/crons?newSite=true', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(definition),
    });
    expect(response.status).toBe(422);
  });

  it('It is refused to the command line and to programs, which know a deployment by its catalogue', () => {
    const own = [{ name: 'actor', summary: '' }];
    const runners = new PublishedRunners(new RunnerTable({}, { bySite: LIMITS }), own);
    expect(readCron({ ...definition, uid: 'a' }, { runners, site: 'payroll' }).problems).toEqual([]);
    expect(readCron({ ...definition, uid: 'a' }, { runners, site: 'shop' }).problems).toHaveLength(1);
  });

  it('It does not come into force when its parameter is written past every surface', async () => {
    await world.ports.registry.write({ site: 'shop', uid: 'a' }, JSON.stringify(definition));
    await projectParameter(world.ports, { site: 'shop', uid: 'a' });
    const projection = await world.ports.store.readProjection({ site: 'shop', uid: 'a' });
    expect(projection?.value).toBeUndefined();
    expect(projection?.problems).toHaveLength(1);
  });

  it('It is not reached by a run of a cron that was accepted before', async () => {
    const cron = acceptedAs(definition);
    const ports = { ...world.ports, runners: table.withTools(watchedTools()) };
    const lease = leaseOf(NOON);
    const { signal } = new AbortController();
    const run = (site: string) => execute(ports, cron, site, lease, NOON + 900_000, signal);
    expect((await run('shop')).result).toMatchObject({ status: 'NOTRUN', reason: 'refused' });
    expect(used).toEqual([]);
    await run('payroll');
    // A heartbeat uses no role.
    expect(used).toHaveLength(definition.name === 'heartbeat' ? 0 : 1);
  });
});

it('A runner that asks for what its environ does not show is refused it by its tools: a URL from a secret, a role', async () => {
  const runners = table.withTools(watchedTools());
  const run = (name: string, cron: object, environ: JsonObject = {}) => {
    const { tools: _, ...context } = runContext({ site: 'shop', cron, environ }).context;
    return runners.create(name, context)?.run();
  };
  const url = 'https://bank.example.com/';
  await expect(run('http', { environ: { url: { $secret: 'u' } } }, { url })).rejects.toThrow(
    'is not allowed',
  );
  await expect(run('actor', { user: 'payroll' })).rejects.toThrow('may not act as "payroll"');
  await expect(run('lambda:pay-out', { name: 'lambda:pay-out' })).rejects.toThrow('was not invoked');
  await expect(run('command', {}, { command: 'true' })).rejects.toThrow('was not run');
  expect(used).toEqual([]);
});

it('A session of a role has the site and the uid as tags, which the role of another site refuses', async () => {
  const client = new STSClient({ region: 'eu-west-1' });
  const sts = mockClient(client);
  sts.on(AssumeRoleCommand).callsFake(({ Tags }) => {
    const site = Tags.find(({ Key }: { Key: string }) => Key === 'cloudtab:site').Value;
    if (site !== 'payroll') throw awsError('AccessDenied', 'the trust policy demands another site');
    const session = { AccessKeyId: 'id', SecretAccessKey: 'key', SessionToken: 't', Expiration: new Date() };
    return { Credentials: session };
  });
  const identity = new StsIdentity(client);
  const role = 'arn:aws:iam::123456789012:role/payroll';
  await expect(identity.assume(role, { site: 'shop', uid: 'a' })).rejects.toThrow(
    'sts:TagSession for the site "shop"',
  );
  expect(await identity.assume(role, { site: 'payroll', uid: 'a' })).toMatchObject({ accessKeyId: 'id' });
});
