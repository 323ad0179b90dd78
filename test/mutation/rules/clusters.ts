import type { Mutation } from "../mutation.ts";

const scenario = (title: string) => ({ file: "regional-clusters", title });

export const CLUSTERS: readonly Mutation[] = [
  {
    name: "the old writer of a cluster proves the new one",
    file: "functions/failover/gate.ts",
    find: 'return now === moved.from || now === "nobody"',
    replace: 'return now === "nobody"',
    scenario: scenario(
      "proves nothing by the old writer, which the API still names right after it was asked",
    ),
  },
  {
    name: "a writer that RDS moved by itself is moved on",
    file: "functions/failover/move-writer.ts",
    find: "  if (now !== from) {",
    replace: '  if (now === "") {',
    scenario: scenario("counts as done where RDS moved it by itself after all was asked"),
  },
  {
    name: "a writer whose move was asked for is asked for again at once",
    file: "functions/failover/move-writer.ts",
    find: "return isFresh && !isNamed(world, fenced)",
    replace: "return isFresh && isNamed(world, fenced)",
    scenario: scenario(
      "is not asked again at once where the answer was lost and nothing has begun yet",
    ),
  },
  {
    name: "a member that lags takes over",
    file: "functions/failover/successor.ts",
    find: "      lags(a) - lags(b) ||\n",
    replace: "",
    scenario: scenario(
      "is taken over by a member that keeps up, before one of a better tier that does not",
    ),
  },
  {
    name: "another member is asked for while the first becomes the writer",
    file: "functions/failover/move-writer.ts",
    find: "(isAsked && namedBefore(world, asked)) || ",
    replace: "",
    scenario: scenario("is not moved twice where whoever was asked for answers nobody meanwhile"),
  },
];
