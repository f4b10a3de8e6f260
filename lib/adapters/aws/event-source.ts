/** The `source` of all events, which the patterns of rules match. No SDK here, so that a stack can import it. */
export const EVENT_SOURCE = 'cloudtab';
