/** What of the profiles was applied last at a deployment, by site: the text of lib/profiles/stored.ts. */
export interface AppliedProfiles {
  /** The text that was written last; nothing when there never was one. Throws UnavailableError. */
  read(site: string): Promise<string | undefined>;

  /**
   * Keeps the text, instead of an earlier one. Throws UnavailableError; ConfigurationError when it is longer than the
   * medium holds.
   */
  write(site: string, text: string): Promise<void>;
}
