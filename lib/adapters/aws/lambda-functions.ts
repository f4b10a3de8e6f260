/** The Functions on Lambda, invoked by name in this process's account and region. */
import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Json, JsonObject } from '../../core/domain/cron.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import type { FunctionEnd, Functions } from '../../core/ports/functions.ts';
import { awsErrorName, translatingErrors } from './errors.ts';

export class LambdaFunctions implements Functions {
  readonly #client: LambdaClient;

  /** The client must not retry an invocation, nor time out before the run does. */
  constructor(client: LambdaClient) {
    this.#client = client;
  }

  async invoke(name: string, payload: JsonObject, signal: AbortSignal): Promise<FunctionEnd> {
    try {
      return await translatingErrors(`Cannot invoke the function "${name}"`, () =>
        this.#send(name, payload, signal),
      );
    } catch (error) {
      // The reason of an abort is clearer than the client's error.
      signal.throwIfAborted();
      throw error;
    }
  }

  async #send(name: string, payload: JsonObject, signal: AbortSignal): Promise<FunctionEnd> {
    const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) });
    try {
      return functionEnd(await this.#client.send(command, { abortSignal: signal }));
    } catch (error) {
      if (awsErrorName(error) !== 'ResourceNotFoundException') throw error;
      throw new NotFoundError(
        `Function "${name}" not found in this account and region. Deploy it, or fix the cron's name.`,
        { cause: error },
      );
    }
  }
}

function functionEnd({ FunctionError, Payload }: InvokeCommandOutput): FunctionEnd {
  const text = Payload?.transformToString() ?? '';
  const value: Json = text === '' ? null : JSON.parse(text);
  return FunctionError ? { kind: 'failed', message: errorText(value) } : { kind: 'returned', value };
}

/** The message of a function that failed. The Lambda runtime returns `{errorType, errorMessage}` for it. */
function errorText(value: Json): string {
  if (!isJsonObject(value)) return JSON.stringify(value);
  const { errorMessage } = value;
  return typeof errorMessage === 'string' && errorMessage !== '' ? errorMessage : JSON.stringify(value);
}
