/** The secrets of sites: values that crons refer to by name and that are never stored with them. */
export interface Secrets {
  /**
   * The current value of the secret; nothing if there is none of that name. Site and name have to be valid
   * (SITE, SECRET_NAME). Throws UnavailableError if the medium does not answer, or refuses.
   */
  read(site: string, name: string): Promise<string | undefined>;

  /** The place where a user puts that secret, to complete "Put it into …". Always the same for the same names. */
  location(site: string, name: string): string;
}
