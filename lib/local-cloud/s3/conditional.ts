import { type Bucket, current } from "./buckets.ts";
import { checkCommit, checkWrite, type WriteCondition } from "./conditions.ts";

/** Runs a write under its condition: checked before the body is taken in, and again with it. */
export async function conditionally<T>(
  bucket: Bucket,
  key: string,
  condition: WriteCondition,
  receive: () => Promise<{ readonly commit: () => T; readonly abandon: () => void }>,
): Promise<T> {
  const before = current(bucket, key);
  checkWrite(condition, before);
  const { commit, abandon } = await receive();
  try {
    checkCommit(condition, before, current(bucket, key));
  } catch (cause) {
    abandon();
    throw cause;
  }
  return commit();
}
