/** A runner for targets outside the code base: invokes the function that its name ends with, and waits for it. */
import type { Json, JsonObject } from '../core/domain/cron.ts';
import { CloudtabError, ConfigurationError } from '../core/domain/errors.ts';
import { iso } from '../core/domain/iso.ts';
import type { Problem } from '../core/domain/problem.ts';
import { FUNCTION_NAME, type FunctionEnd } from '../core/ports/functions.ts';
import { howToAllow, isListed, listed, type RunnerLimits, refusalProblems, siteOf } from './limits.ts';
import { outputOfRun, reportDropped } from './program-output.ts';
import { Runner, type Written } from './runner.ts';

/** The prefix of the names of these runners. */
export const LAMBDA_PREFIX = 'lambda:';

/** The function in a runner's name; nothing if the name has none. */
export function functionOf(name: string): string | undefined {
  const called = name.slice(LAMBDA_PREFIX.length);
  return name.startsWith(LAMBDA_PREFIX) && FUNCTION_NAME.test(called) ? called : undefined;
}

export class LambdaRunner extends Runner {
  static readonly summary =
    'Invokes a function with {site, uid, plannedAt, environ, token}; texts that it returns are messages.';

  static check({ name, limits }: Written): Problem[] {
    const called = functionOf(name);
    const refusal = limits && called !== undefined ? functionRefusal(called, limits) : undefined;
    return refusalProblems('name', name, 'a function that is allowed', refusal);
  }

  async run() {
    const { site, cron, environ, token, tools } = this;
    const called = functionOf(cron.name) ?? '';
    const refusal = functionRefusal(called, tools.limits);
    if (refusal) throw new ConfigurationError(`The function "${called}" was not invoked. ${refusal}`);
    const payload: JsonObject = { site, uid: cron.uid, plannedAt: iso(this.plannedAt), environ, token };
    const end = await this.#invoke(called, payload);
    if (end.kind === 'failed') throw new CloudtabError(`The function "${called}" failed: ${end.message}`);
    return messagesOf(end.value);
  }

  async #invoke(called: string, payload: JsonObject): Promise<FunctionEnd> {
    const output = outputOfRun({ logger: this.log, redactedStream: () => this.redactedStream() });
    try {
      return await this.tools.functions.invoke(called, payload, this.signal, (stream, bytes) =>
        output.take(stream, bytes),
      );
    } finally {
      reportDropped(this.log, await output.end());
    }
  }
}

/** Why a site may not invoke the function, and the fix; undefined if it may. A list may also have ARNs: they end with the name. */
function functionRefusal(called: string, limits: RunnerLimits): string | undefined {
  const { allowedFunctions } = limits;
  const names = allowedFunctions.map((entry) =>
    entry.startsWith('arn:') ? entry.slice(entry.lastIndexOf(':') + 1) : entry,
  );
  if (isListed(called, names)) return undefined;
  const fix = howToAllow(limits, 'allowedFunctions', called, '--function ');
  return `${siteOf(limits)} may invoke: ${listed(allowedFunctions)}. ${fix}`;
}

/** The messages of a function: a text, a list of texts, or either as `messages`. Other values are ignored. */
function messagesOf(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.filter((item: Json) => typeof item === 'string');
  const messages = typeof value === 'object' && value !== null ? (value as JsonObject).messages : undefined;
  return messages === undefined ? [] : messagesOf(messages);
}
