import { rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runDirectory } from "../../../lib/drill/run-directory.ts";

test("others may pass through a run's directory and not look into it", async () => {
  const directory = await runDirectory(tmpdir());
  const { mode } = await stat(directory);
  await rm(directory, { recursive: true });
  expect((mode & 0o777).toString(8)).toBe("711");
});

test("a temporary directory that cannot be used is named with its variable", async () => {
  const missing = join(tmpdir(), "no", "such", "directory");
  await expect(runDirectory(missing)).rejects.toMatchObject({
    message: `TMPDIR: cannot make a directory in ${missing} (ENOENT); name one you may write to, like TMPDIR=/tmp`,
    exitCode: 2,
  });
});
