/** The hashes of the profile elements that a deployment applied last, by site. */
export interface ProfileHashes {
  /** The hash of each element, by its key; empty if no profile was applied to the site. Throws UnavailableError. */
  read(site: string): Promise<ReadonlyMap<string, string>>;

  /** Replaces all hashes of the site. Throws UnavailableError. */
  write(site: string, hashes: ReadonlyMap<string, string>): Promise<void>;
}
