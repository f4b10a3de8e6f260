/** Randomness, as an argument. */
export interface Random {
  /** A new unique id of 1 to 36 letters, digits and dashes, such as a UUID. */
  id(): string;
}
