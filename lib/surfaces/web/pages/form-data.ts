/** The text fields of a submitted form. */
import type { Context } from 'hono';
import { HttpError } from '../http-error.ts';

export interface Form {
  /** The first value of that name; empty if there is none. */
  one(name: string): string;
  /** All values of that name. */
  all(name: string): string[];
}

/** Throws HttpError if the body is not a form. */
export async function readForm(context: Context): Promise<Form> {
  const data = await formData(context);
  const texts = (name: string) => data.getAll(name).filter((value) => typeof value === 'string');
  return { one: (name) => texts(name)[0] ?? '', all: texts };
}

async function formData({ req }: Context): Promise<FormData> {
  try {
    return await req.formData();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new HttpError(415, 'The body is not a form. Programs send their requests to /api.');
  }
}
