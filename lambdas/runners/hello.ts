/**
 * An example of a runner. A cron with `"name": "hello"` runs it, because its file has that name.
 *
 *     {"name": "hello", "periodicity": "0 9 * * mon-fri", "environ": {"who": "team", "key": {"$secret": "hello-key"}}}
 */
import { type EnvironFields, Runner } from '../../lib/runners/runner.ts';

export class Hello extends Runner {
  /** Optional: the description that the dashboard shows. */
  static readonly summary = 'Says hello; an example to copy.';

  /** Optional: the fields of `environ` that it accepts. A cron with other fields is rejected. */
  static readonly environ: EnvironFields = {
    who: { type: 'string', required: true, meaning: 'Whom to greet.', example: 'world' },
    key: { type: 'string', meaning: 'A secret that signs the greeting.', example: { $secret: 'hello-key' } },
  };

  async run() {
    const { who, key } = this.environ;

    // Each line has the site, the uid and the run ID. Secrets, such as `key`, are redacted.
    this.log.info(`Hello ${who}`, { signed: key !== undefined });

    // The planned time (epoch milliseconds) is the same however late the run is.
    this.log.debug('What this run is about', { plannedAt: this.plannedAt, late: this.late });

    // Pass the signal to long calls: it aborts when the run exceeds its timeout.
    //   await fetch(url, { signal: this.signal, headers: { 'idempotency-key': this.token } });

    // To act as the cron's `user`, a role that the deployment allows:
    //   const s3 = new S3Client({ credentials: await this.credentials() });

    // A run that returns nothing is OK; returned text makes it WARN, a thrown error FAILURE.
    return who === 'no one' ? 'There was no one to greet' : undefined;
  }
}
