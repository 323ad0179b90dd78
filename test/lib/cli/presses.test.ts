import { expect, test } from "vitest";
import { pressCounter } from "../../../lib/cli/presses.ts";

test.each([
  ["one press", [0], [1]],
  ["one press that npx and a launcher pass on", [0, 3, 40], [1, 1, 1]],
  ["an echo that a busy machine is late with", [0, 990], [1, 1]],
  ["a press once more", [0, 1000], [1, 2]],
  ["two presses, each passed on", [0, 5, 2000, 2004], [1, 1, 2, 2]],
])("%s", (_, atMs, counted) => {
  let now = 0;
  const press = pressCounter(() => now);
  const found = atMs.map((at) => {
    now = at;
    return press();
  });
  expect(found).toEqual(counted);
});
