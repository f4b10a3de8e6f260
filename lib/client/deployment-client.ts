/** The client of a deployment: its calls are requests to the function URL, signed with the caller's credentials. */
import { makeSign } from '../adapters/aws/sign-request.ts';
import { signedPost } from '../adapters/aws/signed-post.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { WireAnswer } from '../adapters/wire-answer.ts';
import { ForbiddenError, UnavailableError } from '../core/domain/errors.ts';
import type { Client } from './client.ts';
import { remoteCall } from './remote-call.ts';
import { remoteClient } from './remote-client.ts';

export interface FoundDeployment extends Pick<Client, 'name' | 'title' | 'option'> {
  /** The function URL. */
  readonly url: string;
}

export function deploymentClient({ url, ...names }: FoundDeployment): Client {
  const sign = makeSign();
  const wire = (path: string, json: string) => signedPost({ url, sign, fetch: globalThis.fetch }, path, json);
  const call = remoteCall({
    wire,
    where: `the admin function of ${names.name} at ${url}`,
    clock: systemClock,
    outdated: 'The deployment is older than this command: deploy it again with this version of cloudtab.',
    explain: (answer) => explained(answer, names.name, names.option),
  });
  return remoteClient({ ...names, call });
}

/** An answer of AWS in front of the function, or of a function that failed. */
function explained({ status, text }: WireAnswer, name: string, option: string): Error {
  if (status === 403) {
    return new ForbiddenError(
      `AWS refused the call of ${name}: ${messageIn(text)}. The caller needs the permissions lambda:InvokeFunctionUrl and ` +
        'lambda:InvokeFunction for its admin function. Someone who deploys cloudtab can give them, as with grantView.',
    );
  }
  return new UnavailableError(
    `The admin function of ${name} does not work: it answered with status ${status}: ${messageIn(text)}. Run: cloudtab doctor ${option}`,
  );
}

/** The message in an answer of AWS, such as `{"Message":"Forbidden"}`. */
function messageIn(text: string): string {
  const [, message = text.trim()] = /"message"\s*:\s*"([^"]*)"/i.exec(text) ?? [];
  return message.slice(0, 200) || 'no message';
}
