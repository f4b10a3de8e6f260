/** ISO 8601 in UTC without milliseconds, the form in which every time is shown and sent. `time` is in epoch milliseconds. */
export function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
