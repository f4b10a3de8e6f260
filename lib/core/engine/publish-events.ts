/** Publishes events. Work never fails because its events cannot be published. */
import type { Event } from '../domain/event.ts';
import type { Ports } from './ports.ts';

/** Publishes the events; if the bus does not accept them, a log line names them. */
export async function publishEvents(
  { events, logger }: Pick<Ports, 'events' | 'logger'>,
  ...all: Event[]
): Promise<void> {
  if (all.length === 0) return;
  try {
    await events.publish(...all);
  } catch (error) {
    logger.warn('The bus did not accept events', {
      code: 'events-lost',
      events: all.map(({ type }) => type),
      error,
    });
  }
}
