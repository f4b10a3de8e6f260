/** The Registry in memory: the explorer copies a whole world at each of its states. It keeps the contract of Registry. */
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { Parameter, Registry, Version } from '../../lib/core/ports/registry.ts';

export class MemoryRegistry implements Registry {
  readonly #now: () => number;
  /** Lists are never changed, only replaced. */
  #versions = new Map<string, readonly Parameter[]>();
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

  /** Everything that it holds. */
  get content(): RegistryContent {
    return { versions: new Map(this.#versions), modified: this.#modified };
  }

  set content({ versions, modified }: RegistryContent) {
    this.#versions = new Map(versions);
    this.#modified = modified;
  }

  /** What it holds, as text: no two versions are written at the same time. */
  get state(): string {
    return [...this.#versions].map(([name, versions]) => `${name} ${versions.at(-1)?.modified}`).join('\n');
  }
}

export interface RegistryContent {
  readonly versions: ReadonlyMap<string, readonly Parameter[]>;
  readonly modified: number;
}

function nameOf({ site, uid = '' }: ParameterKey): string {
  return `${site}/${uid}`;
}
