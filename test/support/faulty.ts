/** Fault injection for ports: a method fails before or after its effect, and all other calls pass through; and their calls. */
import { UnavailableError } from '../../lib/core/domain/errors.ts';

type Method<Port> = {
  [Name in keyof Port]: Port[Name] extends (...args: never[]) => Promise<unknown> ? Name : never;
}[keyof Port];

/** Makes the first `times` calls of that method fail with UnavailableError. */
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

/** Wraps every call of that method with `around`. */
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

/** The same port, and the names of its methods as they are called. */
export function recorded<Port extends object>(port: Port): { readonly port: Port; readonly calls: string[] } {
  const calls: string[] = [];
  const recording = new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        calls.push(String(name));
        return value.apply(target, args);
      };
    },
  });
  return { port: recording, calls };
}
