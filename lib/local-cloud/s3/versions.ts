import type { Bucket, Version } from "./buckets.ts";

let count = 0;

/** Version ids sort by age, newest last, and never repeat. */
export function nextVersionId(bucket: Bucket): string {
  if (bucket.versioning !== "Enabled") return "null";
  const age = Date.now().toString(36).padStart(10, "0");
  return `${age}${(++count).toString(36).padStart(22, "0")}`;
}

/** Makes a version the newest of its key. Without versioning it replaces the one called `null`. */
export function push(bucket: Bucket, version: Version): void {
  const before = bucket.versions.get(version.key) ?? [];
  const kept = before.filter(({ id }) => id !== version.id);
  for (const gone of before) if (gone.id === version.id) release(gone);
  bucket.versions.set(version.key, [version, ...kept]);
}

export function drop(bucket: Bucket, version: Version): void {
  const kept = (bucket.versions.get(version.key) ?? []).filter((each) => each !== version);
  if (kept.length > 0) bucket.versions.set(version.key, kept);
  else bucket.versions.delete(version.key);
  release(version);
}

function release(version: Version): void {
  if (version.kind === "object") version.body.discard();
}
