/** Credentials of the user that a cron names. */
export interface Identity {
  /**
   * Credentials of the user: on AWS a role, by its ARN or by its name in the deployment's own account. New ones at each
   * call. Throws ConfigurationError if the user does not exist or may not be assumed;
   * UnavailableError if the medium does not answer.
   */
  assume(user: string, session: Session): Promise<Credentials>;
}

/** The cron that acts as the user; the audit trail of the user's actions names it. */
export interface Session {
  readonly site: string;
  readonly uid: string;
}

/** The `credentials` of an SDK client. Never logged. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}
