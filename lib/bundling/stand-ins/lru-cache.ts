/**
 * Stands in for mnemonist's cache in the bundles of Lambdas. The clients keep addresses of endpoints in it if they are
 * told to look for them, a handful at most, so that nothing has to be forgotten.
 */
export default class LruCache<Key, Value> extends Map<Key, Value> {
  /** A capacity is not kept. */
  constructor(_capacity: number) {
    super();
  }

  /** As `get`, which does not mark the entry as used either. */
  peek(key: Key): Value | undefined {
    return this.get(key);
  }
}
