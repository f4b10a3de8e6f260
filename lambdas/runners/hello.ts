/**
 * An example of a job of your own. A cron with `"name": "hello"` runs it; index.ts gives it that name.
 *
 *     {"name": "hello", "periodicity": "0 9 * * mon-fri", "environ": {"who": "team", "key": {"$secret": "hello-key"}}}
 */
import { type EnvironFields, Runner } from '../../lib/runners/runner.ts';

export class Hello extends Runner {
  /** Optional: what the dashboard says about it. */
  static readonly summary = 'Says hello; an example to copy.';

  /** Optional: the settings that it understands. A cron that gives others is rejected when it is edited. */
  static readonly environ: EnvironFields = {
    who: { type: 'string', required: true, meaning: 'Whom to greet.', example: 'world' },
    key: { type: 'string', meaning: 'Proves who says it.', example: { $secret: 'hello-key' } },
  };

  async run() {
    const { who, key } = this.environ;

    // Lines carry site, uid and run id. Secrets, such as the key here, are taken out of them.
    this.log.info(`Hello ${who}`, { signed: key !== undefined });

    // The planned time (epoch milliseconds) is the same however late the run is.
    this.log.debug('What this run is about', { plannedAt: this.plannedAt, late: this.late });

    // Pass the signal on to what takes long: it is aborted when the run's time is up.
    //   await fetch(url, { signal: this.signal, headers: { 'idempotency-key': this.token } });

    // Act as the cron's `user`, a role that the deployment allows:
    //   const s3 = new S3Client({ credentials: await this.credentials() });

    // Returning nothing makes it OK, texts make it WARN, an error makes it FAILURE.
    return who === 'no one' ? 'There was no one to greet' : undefined;
  }
}
