/** A registry in memory: files would be read and written millions of times. It keeps the contract of Registry. */
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { Parameter, Registry, Version } from '../../lib/core/ports/registry.ts';

export class MemoryRegistry implements Registry {
  readonly #versions = new Map<string, Parameter[]>();
  readonly #now: () => number;
  #modified = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  async read(key: ParameterKey): Promise<Parameter | undefined> {
    return this.#versions.get(nameOf(key))?.at(-1);
  }

  async *list(): AsyncIterable<Parameter> {
    for (const versions of [...this.#versions.values()]) {
      const parameter = versions.at(-1);
      if (parameter) yield parameter;
    }
  }

  async write(key: ParameterKey, value: string): Promise<Parameter> {
    const versions = this.#versions.get(nameOf(key)) ?? [];
    // Later than any earlier version, also across removal.
    this.#modified = Math.max(this.#now(), this.#modified + 1);
    const parameter = { ...key, value, version: versions.length + 1, modified: this.#modified };
    this.#versions.set(nameOf(key), [...versions, parameter]);
    return parameter;
  }

  async remove(key: ParameterKey): Promise<void> {
    this.#versions.delete(nameOf(key));
  }

  async labelRejected(): Promise<void> {}

  async unlabelRejected(): Promise<void> {}

  async history(key: ParameterKey): Promise<Version[]> {
    return (this.#versions.get(nameOf(key)) ?? []).toReversed();
  }

  /** Everything that it holds, for comparison. */
  get state(): string {
    return JSON.stringify([...this.#versions]);
  }
}

function nameOf({ site, uid = '' }: ParameterKey): string {
  return `${site}/${uid}`;
}
