/** The secrets of sites: values that crons refer to by name and that are never stored with them. */
export interface Secrets {
  /**
   * The secret's value as it is now; nothing when there is none of that name. Site and name have to be valid
   * (SITE, SECRET_NAME). Throws UnavailableError when the medium does not answer, or refuses.
   */
  read(site: string, name: string): Promise<string | undefined>;

  /** Where a person puts that secret, to complete "Put it into …". Always the same for the same names. */
  location(site: string, name: string): string;
}
