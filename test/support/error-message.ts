/** The message of the error that the promise rejects with, as a page or a reply shows it for a refused operation. */
export async function errorMessage(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Error) return error.message;
  throw new Error('The operation did not fail.');
}
