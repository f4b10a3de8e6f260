/**
 * Stands in for `@smithy/core/event-streams` in the bundles of Lambdas: no operation that cloudtab calls sends or gets
 * a stream of events, but every client is ready for one.
 */

/** Leaves the configuration of a client as it is. */
export function resolveEventStreamSerdeConfig<Config>(config: Config): Config {
  return config;
}

/** Throws: a job of the user's own asks for a stream. */
export function eventStreamSerdeProvider(): never {
  throw leftOut();
}

/** Throws likewise. */
export class EventStreamSerde {
  constructor() {
    throw leftOut();
  }
}

function leftOut(): Error {
  return new Error(
    'Event streams are left out of the bundles of Lambdas. Take their stand-in out of lib/bundling/lean.ts.',
  );
}
