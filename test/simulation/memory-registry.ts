/** The registry's parameters in memory, without latency and faults (memory-ports.ts). */
import { InvalidError } from '../../lib/core/domain/errors.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { Parameter, Version } from '../../lib/core/ports/registry.ts';

const MAX_BYTES = 8192;
const MAX_VERSIONS = 100;

/** How far a read may be behind, in milliseconds: less than the handlers wait for. */
export const MAX_REGISTRY_LAG = 1_500;

export class MemoryRegistry {
  readonly #now: () => number;
  /** The clock of staleness: it never goes back. */
  readonly #monotonic: () => number;
  /** What parameters were lately, and until when; the oldest first. */
  readonly #past = new Map<string, { readonly until: number; readonly parameter: Parameter | undefined }[]>();
  readonly #parameters = new Map<string, Parameter>();
  readonly #history = new Map<string, Version[]>();
  readonly #lastModified = new Map<string, number>();
  /**
   * The version that is marked as rejected. Like an SSM label, the mark is on one version and moves to the next one.
   */
  readonly #marks = new Map<string, number>();
  #changes = 0;

  constructor(now: () => number, monotonic = now) {
    this.#now = now;
    this.#monotonic = monotonic;
  }

  /** Grows with every change. */
  get changes(): number {
    return this.#changes;
  }

  read(key: ParameterKey, asOf = this.#monotonic()): Parameter | undefined {
    const name = nameOf(key);
    const earlier = this.#past.get(name)?.find(({ until }) => until > asOf);
    return earlier && asOf < this.#monotonic() ? earlier.parameter : this.#parameters.get(name);
  }

  list(): Parameter[] {
    return [...this.#parameters].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, parameter]) => parameter);
  }

  history(key: ParameterKey): Version[] {
    return this.#history.get(nameOf(key)) ?? [];
  }

  write(key: ParameterKey, value: string, author?: string): Parameter {
    const { site, uid } = key;
    if (!isPlain(site) || (uid !== undefined && !isPlain(uid))) throw invalid('name', 'a plain name');
    if (Buffer.byteLength(value) > MAX_BYTES) throw invalid('value', `at most ${MAX_BYTES} bytes`);
    const name = nameOf(key);
    const version = (this.#parameters.get(name)?.version ?? 0) + 1;
    const modified = Math.max(this.#now(), (this.#lastModified.get(name) ?? 0) + 1);
    const parameter = { site, ...(uid === undefined ? {} : { uid }), value, version, modified };
    this.#remember(name);
    this.#parameters.set(name, parameter);
    this.#lastModified.set(name, modified);
    const entry = { value, version, modified, ...(author === undefined ? {} : { author }) };
    this.#history.set(name, [entry, ...this.history(key)].slice(0, MAX_VERSIONS));
    this.#changes += 1;
    return parameter;
  }

  remove(key: ParameterKey): void {
    this.#changes += 1;
    this.#remember(nameOf(key));
    this.#parameters.delete(nameOf(key));
    this.#marks.delete(nameOf(key));
    this.#history.delete(nameOf(key));
  }

  #remember(name: string): void {
    const now = this.#monotonic();
    const past = (this.#past.get(name) ?? []).filter(({ until }) => until > now - MAX_REGISTRY_LAG);
    this.#past.set(name, [...past, { until: now, parameter: this.#parameters.get(name) }]);
  }

  mark({ version, ...key }: Parameter): void {
    const present = this.#parameters.get(nameOf(key));
    if (!present || present.version < version) return;
    this.#marks.set(nameOf(key), version);
  }

  unmark(key: ParameterKey, version: number): void {
    if (this.isMarked(key, version)) this.#marks.delete(nameOf(key));
  }

  isMarked(key: ParameterKey, version: number): boolean {
    return this.#marks.get(nameOf(key)) === version;
  }
}

/** A crontab sorts before its crons. */
function nameOf({ site, uid }: ParameterKey): string {
  return uid === undefined ? site : `${site}/${uid}`;
}

function isPlain(name: string): boolean {
  return name !== '' && !name.includes('/');
}

function invalid(where: string, wanted: string): InvalidError {
  return new InvalidError([{ where, got: 'something else', wanted, fix: `Give ${wanted}.` }]);
}
