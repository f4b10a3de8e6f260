/** The heartbeat of a folder: sent if its owner keeps a URL for it. */
import { HEARTBEAT_SECRET, OWN_SECRETS } from '../../core/domain/names.ts';
import type { HeartbeatPorts } from '../../runners/send-heartbeat.ts';
import { systemResolver } from '../system-resolver.ts';
import { FileSecrets } from './file-secrets.ts';
import type { Folder } from './folder.ts';

type Ports = Pick<HeartbeatPorts, 'clock' | 'logger'>;

/** Never throws, and ends at once when the signal is aborted. */
export async function sendFolderHeartbeat(folder: Folder, ports: Ports, signal: AbortSignal): Promise<void> {
  const secrets = new FileSecrets(folder.secrets);
  if (!(await secrets.names(OWN_SECRETS)).includes(HEARTBEAT_SECRET)) return;
  // Loaded only here: few folders have an external monitor.
  const { sendHeartbeat } = await import('../../runners/send-heartbeat.ts');
  await sendHeartbeat({ ...ports, secrets, resolve: systemResolver }, signal);
}
