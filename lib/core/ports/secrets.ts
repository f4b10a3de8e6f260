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

/** The secrets of sites, as a user keeps them who need not be able to read them. Each call throws as `read` does. */
export interface SecretStore extends Pick<Secrets, 'location'> {
  /** The names of the site's secrets, sorted. */
  names(site: string): Promise<readonly string[]>;

  /** Creates or replaces the secret. The value has to be valid: see domain/secret.ts. */
  write(site: string, name: string, value: string): Promise<void>;

  /** Whether there was such a secret. */
  remove(site: string, name: string): Promise<boolean>;
}
