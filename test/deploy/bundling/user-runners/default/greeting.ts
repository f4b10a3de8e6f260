/** A runner of one site, as the default export. */
import { Runner } from '../../../../../lib/runners/runner.ts';

export const GREETING = 'Hello from one site';

export default class extends Runner {
  run() {
    return GREETING;
  }
}
