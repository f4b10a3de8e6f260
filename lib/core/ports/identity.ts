/** Credentials of the user that a cron names. */
export interface Identity {
  /**
   * Credentials of the user: on AWS a role, by its ARN or by its name in the deployment's own account. New ones at each
   * call. Throws ConfigurationError when the user does not exist or may not be assumed;
   * UnavailableError when the medium does not answer.
   */
  assume(user: string, session: Session): Promise<Credentials>;
}

/** On whose behalf: it is found again in the audit trail of what the user did. */
export interface Session {
  readonly site: string;
  readonly uid: string;
}

/** What an SDK client takes as its `credentials`. Never logged. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}
