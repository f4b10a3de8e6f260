/** What a form sent, as text. */
import type { Context } from 'hono';
import { HttpError } from '../http-error.ts';

export interface Form {
  /** The value of that name; empty when it was not sent. */
  one(name: string): string;
  /** All values of that name. */
  all(name: string): string[];
}

/** Throws RequestError when the body is no form. */
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
    throw new HttpError(415, 'This page takes forms; programs use /api.');
  }
}
