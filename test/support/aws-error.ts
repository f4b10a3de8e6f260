/** An error as the SDK throws it: told by its name. */
export function awsError(name: string, message = `${name} happened`, more: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: {}, ...more });
}
