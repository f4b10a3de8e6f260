/** Sending events. Work never fails because nobody could be told of it. */
import type { Event } from '../ports/events.ts';
import type { Ports } from './ports.ts';

/** Sends the events; when the bus does not take them, a log line says so and which. */
export async function publishEvents(
  { events, logger }: Pick<Ports, 'events' | 'logger'>,
  ...all: Event[]
): Promise<void> {
  if (all.length === 0) return;
  try {
    await events.publish(...all);
  } catch (error) {
    logger.warn('The bus did not take events', {
      code: 'events-lost',
      events: all.map(({ type }) => type),
      error,
    });
  }
}
