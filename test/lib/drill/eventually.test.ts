import { expect, test } from "vitest";
import { UserError } from "../../../lib/cli/user-error.ts";
import { eventually } from "../../../lib/drill/eventually.ts";

test("the first value found is returned, failures before it are not", async () => {
  let looks = 0;
  const found = await eventually("a value", 5000, () => {
    looks += 1;
    if (looks < 3) throw new Error("not yet");
    return looks;
  });
  expect(found).toBe(3);
});

test("giving up names what was waited for and what the last look failed with", async () => {
  const failure = await eventually("a miracle", 0, () => {
    throw new Error("nobody prayed");
  }).catch((cause: unknown) => cause);
  expect(failure).toBeInstanceOf(UserError);
  expect(failure).toMatchObject({
    message: "waited 0 s in vain for: a miracle: nobody prayed",
    exitCode: 1,
  });
});
