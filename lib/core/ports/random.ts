/** Chance, as an argument. */
export interface Random {
  /** A new id of 1 to 36 letters, digits and dashes that nobody else has: a UUID or as good as one. */
  id(): string;
}
