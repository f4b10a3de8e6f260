declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** An embedded DynamoDB, not yet listening. The delays are what it pretends to need to make a table, in ms. */
  export default function dynalite(options?: {
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
    readonly path?: string;
  }): Server;
}
