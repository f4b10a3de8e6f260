/** A port that fails when a test wants it to, before or after its effect; everything else passes. */
import { UnavailableError } from '../../lib/domain/errors.ts';

type Method<Port> = {
  [Name in keyof Port]: Port[Name] extends (...args: never[]) => Promise<unknown> ? Name : never;
}[keyof Port];

/** `times` calls of that method fail, from the first on. */
export function faulty<Port extends object>(
  port: Port,
  method: Method<Port>,
  when: 'before' | 'after',
  times = 1,
): Port {
  let left = times;
  return intercept(port, method, async (call) => {
    if (left === 0) return call();
    left -= 1;
    if (when === 'after') await call();
    throw new UnavailableError(`${String(method)} failed ${when} its effect`);
  });
}

/** Puts `around` about every call of that method. */
export function intercept<Port extends object>(
  port: Port,
  method: Method<Port>,
  around: (call: () => Promise<unknown>) => Promise<unknown>,
): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== method) return value.bind(target);
      return (...args: unknown[]) => around(() => value.apply(target, args));
    },
  });
}
