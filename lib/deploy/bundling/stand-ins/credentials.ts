/**
 * Replaces `@aws-sdk/credential-provider-node` in the bundles of Lambdas. Lambda passes credentials in environment
 * variables; the original also supports profiles, sign-in and metadata services, and is a fifth of a bundle.
 */

/** Reads the credentials from the environment at each call. Throws when there are none. */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error('There are no credentials in the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.');
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
};
