import type { Mutation } from "../mutation.ts";

export const RESTORE_TESTS: readonly Mutation[] = [
  {
    name: "what was restored for a test is left standing",
    file: "functions/restore/discard.ts",
    find: "  if (database === undefined) return ended;\n",
    replace: "  if (ended) return ended;\n",
    scenario: {
      file: "restore-test",
      title:
        "restores into quarantine, proves what came back, deletes it and says that the backup is one",
    },
  },
  {
    name: "a damaged backup is called proven",
    file: "functions/restore/proof.ts",
    find: "    ok: broken.length === 0,\n",
    replace: "    ok: true,\n",
    scenario: {
      file: "restore-test",
      title: "because it is damaged is told so, and nothing of it is left",
    },
  },
  {
    name: "databases of others that are called alike are deleted as leftovers",
    file: "functions/restore/discard.ts",
    find: "tags[TEST_TAGS.test] !== undefined && untilMs < nowMs",
    replace: "!(untilMs >= nowMs)",
    scenario: {
      file: "restore-test",
      title: "is deleted by the next hour's look, and nothing else is",
    },
  },
  {
    name: "a machine of a customer's is started where something gets out",
    file: "functions/restore/image-steps.ts",
    find: "  if (openings.length > 0) {\n",
    replace: "  if (openings.length < 0) {\n",
    scenario: { file: "image-tests", title: "that lets anything out" },
  },
  {
    name: "a machine that was started for a test goes on running",
    file: "functions/restore/image-terminate.ts",
    find: "  if (!first) return ended;\n",
    replace: "  if (!first || first) return ended;\n",
    scenario: {
      file: "image-tests",
      title: "starts a machine of it, sees it come up, ends it and says that the image is one",
    },
  },
];
