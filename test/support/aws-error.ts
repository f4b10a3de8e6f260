/** An error as the SDK throws it, identified by its name. */
export function awsError(name: string, message = `${name} happened`, more: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: {}, ...more });
}
