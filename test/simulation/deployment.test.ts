/** A deployment that changes as many crons as it may, under the default quotas of Parameter Store, in virtual time. */
import type { GetParameterCommand, Parameter, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, it } from 'vitest';
import { ParameterRegistry } from '../../lib/adapters/aws/parameter-registry.ts';
import { MAX_CHANGES } from '../../lib/app/profiles/deploy.ts';
import type { Profile } from '../../lib/app/profiles/profile.ts';
import { type SetupPorts, setup } from '../../lib/app/setup.ts';
import { UnavailableError } from '../../lib/core/domain/errors.ts';
import { anyRunner, profileIn } from '../app/profiles/support.ts';
import { awsError } from '../support/aws-error.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { MemoryProfileHashes } from '../support/memory-profile-hashes.ts';
import { MINUTE } from './durations.ts';
import { EventLoop } from './event-loop.ts';
import { memoryPorts } from './memory-ports.ts';
import { MemoryQueue } from './memory-queue.ts';
import { MemoryRegistry } from './memory-registry.ts';
import { MemoryStore } from './memory-store.ts';
import { Prng } from './prng.ts';
import { PARAMETER_READS, PARAMETER_WRITES, TokenBucket } from './quotas.ts';
import { throttledCalls } from './throttled-calls.ts';

/** The timeout of the setup function, which lib/deploy/constructs/setup-function.ts sets. */
const TIMEOUT = 10 * MINUTE;

class Deployment {
  readonly loop = new EventLoop(Date.UTC(2026, 0, 5));
  readonly logger = new MemoryLogger();
  /** The parameters by their names. */
  readonly parameters = new Map<string, Parameter>();
  readonly #ports: SetupPorts;

  constructor() {
    const { loop, logger } = this;
    const calls = throttledCalls({
      loop,
      prng: new Prng(1, 'deployment'),
      buckets: {
        'registry.GetParameterCommand': new TokenBucket(loop, PARAMETER_READS),
        'registry.PutParameterCommand': new TokenBucket(loop, PARAMETER_WRITES),
      },
      error: (message) => new UnavailableError(message),
      count: () => undefined,
    });
    const send = (command: PutParameterCommand | GetParameterCommand) =>
      calls(`registry.${command.constructor.name}`, {}, () => this.#answer(command));
    const now = () => loop.now();
    const backends = {
      registry: new MemoryRegistry(now),
      store: new MemoryStore(now),
      queue: new MemoryQueue({ loop, deliver: () => undefined }),
      emit: () => undefined,
    };
    this.#ports = {
      ...memoryPorts(backends, calls),
      registry: new ParameterRegistry({
        client: { send } as SSMClient,
        root: 'cloudtab',
        clock: loop,
      }),
      clock: loop,
      random: { id: () => 'id' },
      logger,
      runners: anyRunner,
      hashes: new MemoryProfileHashes(),
      requireFormat: async () => undefined,
      access: { replace: async () => undefined },
      publishCatalogue: async () => undefined,
      // The longest wait: it goes on after the deployment.
      resync: (waitMs) => new Promise((resolve) => loop.after(waitMs, () => resolve(false))),
    };
  }

  async #answer({ input }: PutParameterCommand | GetParameterCommand) {
    const { Name = '' } = input;
    const Parameter = this.parameters.get(Name);
    if (!('Value' in input)) {
      if (!Parameter) throw awsError('ParameterNotFound');
      return { Parameter };
    }
    const Version = (Parameter?.Version ?? 0) + 1;
    this.parameters.set(Name, { ...input, Version, LastModifiedDate: new Date(this.loop.now()) });
    return { Version };
  }

  /** How long the setup function takes, in milliseconds. */
  async deploy(profile: Profile): Promise<number> {
    const startedAt = this.loop.now();
    let endedAt: number | undefined;
    const done = setup(
      this.#ports,
      { sites: ['default'], timezone: 'UTC', access: [] },
      { default: profile },
    ).then(() => {
      endedAt = this.loop.now();
    });
    while (endedAt === undefined && this.loop.now() < startedAt + TIMEOUT)
      await this.loop.runUntil(this.loop.now() + 1_000);
    if (endedAt === undefined) return TIMEOUT;
    await done;
    return endedAt - startedAt;
  }
}

it('A deployment adds the most crons that it may within three quarters of its time', async () => {
  const crons = Array.from({ length: MAX_CHANGES }, (_, index) => ({
    uid: `cron-${index}`,
    name: 'task',
    periodicity: '@daily',
  }));
  const deployment = new Deployment();
  const took = await deployment.deploy(profileIn(JSON.stringify({ crons })));
  expect(took).toBeLessThan(0.75 * TIMEOUT);
  expect(deployment.logger.linesOf('setup-repeated')).toEqual([]);
  expect(deployment.parameters.size).toBe(1 + MAX_CHANGES);
});
