declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** An embedded DynamoDB that does not listen yet. The delays simulate the time that changing a table takes, in ms. */
  export default function dynalite(options?: {
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
    readonly path?: string;
  }): Server;
}
