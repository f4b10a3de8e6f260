/** Translates errors of AWS calls into the error family: the attempted action, the answer of AWS, and the fix. */
import { CloudtabError, messageOf, ThrottledError, UnavailableError } from '../../core/domain/errors.ts';

/** The names of errors that ask for fewer calls. */
const THROTTLED = /Throttling|Throttled|TooManyRequests|TooManyUpdates|ProvisionedThroughput|RequestLimit/;

/** Fixes by the name of AWS's error; the first match counts. */
const FIXES: readonly (readonly [RegExp, string])[] = [
  [
    /AccessDenied|NotAuthorized|UnauthorizedOperation/,
    "Allow this action in the policy of the caller's role.",
  ],
  [THROTTLED, 'AWS asks for fewer calls: try again later.'],
  [/ExpiredToken|CredentialsProvider|UnrecognizedClient|InvalidClientToken/, 'Sign in to AWS again.'],
  [/NotFound/, 'Check that the deployment is complete, and that name and region are right.'],
  [
    /Timeout|Networking|ECONNREFUSED|ECONNRESET|ECONNABORTED|ENOTFOUND|EAI_AGAIN|EPIPE/,
    'Check the network and the endpoint, then try again.',
  ],
  [
    /ParameterMaxVersionLimitExceeded/,
    'Its oldest version carries a label: remove that label in Parameter Store, then save again.',
  ],
  [
    /HierarchyTypeMismatch/,
    'Parameter Store cannot change the type of a parameter: delete the parameter and create it as a String.',
  ],
  [
    /ParameterLimitExceeded/,
    'A region holds 10,000 standard parameters: delete unused parameters, or change the default tier of Parameter Store to advanced.',
  ],
  [
    /ServiceQuotaExceeded/,
    'Request a higher quota in Service Quotas, or remove resources that are not used.',
  ],
  [/IncompatiblePolicy/, 'Delete the policies of this parameter in Parameter Store, then save again.'],
];

/** The name of AWS's error, such as `ConflictException`; of a system's error its code, such as `ECONNREFUSED`. */
export function awsErrorName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if ('code' in error && typeof error.code === 'string' && error.name === 'Error') return error.code;
  return error.name;
}

/**
 * What `call` returns. What it throws becomes an UnavailableError that begins with `what`, such as
 * `Cannot read default/backup from the table cloudtab`; our own errors pass.
 */
export async function translatingErrors<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof CloudtabError ? error : unavailable(what, error);
  }
}

/** The result of the call; undefined when AWS answers with one of these errors. */
export async function ignoring<T>(errors: readonly string[], call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (errors.includes(awsErrorName(error))) return undefined;
    throw error;
  }
}

function unavailable(what: string, error: unknown): UnavailableError {
  const name = awsErrorName(error);
  const fix =
    FIXES.find(([pattern]) => pattern.test(name))?.[1] ??
    'Try again; if the error persists, check the cause.';
  const Failure = THROTTLED.test(name) ? ThrottledError : UnavailableError;
  return new Failure(`${what}: AWS answered ${name}: ${messageOf(error) || 'no message'}. ${fix}`, {
    cause: error,
  });
}
