/** Work on the disk that goes on side by side. */

/** Waits until all is over, also when some has failed, and then throws the first failure: nothing goes on behind who was told. */
export async function together<Result>(work: readonly Promise<Result>[]): Promise<readonly Result[]> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}
