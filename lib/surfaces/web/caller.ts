/** Who calls, as whoever let the call through says: on AWS the IAM identity that signed it. */

/**
 * The ARN of the identity that signed the request to a function URL, from the event that Lambda was invoked with.
 * Nothing when the bindings are not Lambda's, or the URL asks for no signature. Headers have no say in it.
 */
export function callerOf(bindings: unknown): string | undefined {
  const iam = property(property(property(bindings, 'requestContext'), 'authorizer'), 'iam');
  const arn = property(iam, 'userArn');
  return typeof arn === 'string' && arn !== '' ? arn : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
