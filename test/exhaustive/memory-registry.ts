/** The Registry in memory: the explorer copies a whole world at each of its states. It keeps the contract of Registry. */
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { Parameter, Registry, Version } from '../../lib/core/ports/registry.ts';

export class MemoryRegistry implements Registry {
  readonly #now: () => number;
  /** Lists are never changed, only replaced. */
  #versions = new Map<string, readonly Parameter[]>();
  #modified = 0;
  #labelled = new Map<string, Label>();
  /** What it held before the last write. */
  #before: RegistryContent = { versions: new Map(), modified: 0, labelled: new Map() };

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
    this.#before = this.#present;
    const versions = this.#versions.get(nameOf(key)) ?? [];
    // Later than any earlier version, also across removal.
    this.#modified = Math.max(this.#now(), this.#modified + 1);
    const parameter = { ...key, value, version: versions.length + 1, modified: this.#modified };
    this.#versions.set(nameOf(key), [...versions, parameter]);
    return parameter;
  }

  async remove(key: ParameterKey): Promise<void> {
    this.#before = this.#present;
    this.#versions.delete(nameOf(key));
    this.#labelled.delete(nameOf(key));
  }

  async labelRejected({ version, ...key }: Parameter): Promise<void> {
    const latest = this.#versions.get(nameOf(key))?.length ?? 0;
    if (version <= latest) this.#labelled.set(nameOf(key), { version, isLate: version < latest });
  }

  async unlabelRejected(key: ParameterKey, version: number): Promise<void> {
    if (this.#labelled.get(nameOf(key))?.version === version) this.#labelled.delete(nameOf(key));
  }

  /** The label of the parameter's rejection. */
  label(key: ParameterKey): Label | undefined {
    return this.#labelled.get(nameOf(key));
  }

  /** As it was before the last write. */
  get before(): MemoryRegistry {
    const registry = new MemoryRegistry(this.#now);
    registry.content = { ...this.#before, before: this.#before };
    return registry;
  }

  async history(key: ParameterKey): Promise<Version[]> {
    return (this.#versions.get(nameOf(key)) ?? []).toReversed();
  }

  /** Everything that it holds. */
  get content(): RegistryContent & { readonly before: RegistryContent } {
    return { ...this.#present, before: this.#before };
  }

  set content({
    versions,
    modified,
    labelled,
    before,
  }: RegistryContent & { readonly before: RegistryContent }) {
    this.#versions = new Map(versions);
    this.#modified = modified;
    this.#labelled = new Map(labelled);
    this.#before = before;
  }

  get #present(): RegistryContent {
    return {
      versions: new Map(this.#versions),
      modified: this.#modified,
      labelled: new Map(this.#labelled),
    };
  }

  /** What it holds, as text: no two versions are written at the same time. */
  get state(): string {
    return [...this.#versions]
      .map(
        ([name, versions]) =>
          `${name} ${versions.at(-1)?.modified} ${JSON.stringify(this.#labelled.get(name))}`,
      )
      .join('\n');
  }
}

interface Label {
  readonly version: number;
  /** Whether there was a later version when it was set. */
  readonly isLate: boolean;
}

interface RegistryContent {
  readonly versions: ReadonlyMap<string, readonly Parameter[]>;
  readonly modified: number;
  readonly labelled: ReadonlyMap<string, Label>;
}

function nameOf({ site, uid = '' }: ParameterKey): string {
  return `${site}/${uid}`;
}
