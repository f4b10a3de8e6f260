import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, type MockInstance, vi } from 'vitest';
import { BesideScheduler } from '../../../lib/adapters/local/beside-scheduler.ts';
import { type Door, FolderDoor } from '../../../lib/adapters/local/folder-door.ts';
import { LocalEvents } from '../../../lib/adapters/local/local-events.ts';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import type { Event } from '../../../lib/core/domain/event.ts';
import type { Delivery } from '../../../lib/core/domain/occurrence.ts';
import { cronOf } from '../../support/jobs.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const DELIVERY: Delivery = { site: 'default', uid: 'a', plannedAt: 1_000, forced: 'run-1' };
const EVENT: Event = { type: 'ModifiedCrontab', detail: { site: 'default', version: 1, change: 'saved' } };
const EDITS = [EVENT, { ...EVENT, detail: { ...EVENT.detail, version: 2 } }] as const;

let requests: [path: string | undefined, body: unknown][];
let status: number;
let here: (Delivery | Event)[];
let door: Door | undefined;
let current: MockInstance;

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (data) => {
    text += data;
  });
  request.on('end', () => {
    requests.push([request.url, JSON.parse(text)]);
    response.writeHead(status).end();
  });
});

beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  [requests, here, status] = [[], [], 204];
  door = { address: `http://127.0.0.1:${port}`, token: 'x', version: '0', pid: process.pid + 1 };
  current = vi.spyOn(FolderDoor.prototype, 'current').mockImplementation(() => door);
});
afterEach(() => {
  current.mockRestore();
  server.close();
  server.closeAllConnections();
});

function open(runners: object = {}, requireRunnable = () => {}): BesideScheduler {
  const events = new LocalEvents(new MemoryLogger());
  events.subscribe((event) => void here.push(event));
  const cron = { modified: 0, version: 1, value: cronOf({ name: 'mine' }).fields() };
  const store = { read: async () => ({ cron }) };
  const deliver = async (delivery: Delivery) => {
    here.push(delivery);
    return true;
  };
  const laptop = { ports: { store, runners: { requireRunnable } }, requested: 0, events, deliver };
  return new BesideScheduler(tempFolder(), laptop, runners);
}

it('A run is started by the scheduler, and in this process without one or with a runner that only it has', async () => {
  await open().deliver(DELIVERY);
  expect([requests, here]).toEqual([[['/deliveries', DELIVERY]], []]);
  await open({ mine: class {} }).deliver(DELIVERY);
  door = { ...(door as Door), pid: process.pid };
  await open().deliver(DELIVERY);
  door = undefined;
  await open().deliver(DELIVERY);
  expect([requests.length, here]).toEqual([1, [DELIVERY, DELIVERY, DELIVERY]]);
});

it('A run whose code is out of reach of this process is refused if no scheduler runs', async () => {
  door = undefined;
  const refuse = () => {
    throw new ConfigurationError('no file of it');
  };
  await expect(open({}, refuse).deliver(DELIVERY)).rejects.toThrow('no file of it');
});

it('A run that the scheduler does not accept is not started here', async () => {
  status = 500;
  await expect(open().deliver(DELIVERY)).rejects.toThrow('The scheduler of this folder refused');
  server.close();
  server.closeAllConnections();
  await expect(open().deliver(DELIVERY)).rejects.toThrow(UnavailableError);
  expect(here).toEqual([]);
});

it('The events of edits are announced by the scheduler, in their order, and known in this process', async () => {
  await open().publish(...EDITS);
  expect(requests).toEqual(EDITS.map((event) => ['/events', event]));
  expect(here).toEqual([...EDITS]);
});

it('An edit goes on beside a scheduler that does not answer, which is asked once', async () => {
  status = 503;
  const beside = open();
  await beside.publish(...EDITS);
  await beside.publish(EVENT);
  expect(requests).toHaveLength(1);
  expect(here).toHaveLength(3);
});
