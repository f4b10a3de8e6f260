/** Resolves once no microtask is left: a tick that a microtask requests runs after all microtasks. */
export function settled(): Promise<void> {
  return new Promise((resolve) => queueMicrotask(() => process.nextTick(resolve)));
}
