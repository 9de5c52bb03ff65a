/** Work on the disk that goes on side by side. */

/** Waits until all is over, then throws if some has failed: nothing goes on behind the back of who was told. */
export async function together<Result>(work: readonly Promise<Result>[]): Promise<readonly Result[]> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}
