import type { Mutation } from "../mutation.ts";

export const DOWNLOADS: readonly Mutation[] = [
  {
    name: "a link to a dump leads where its record says by now",
    file: "functions/download/answer.ts",
    find: "isSame(String(link.seal), sealOf(token, link))",
    replace: 'link.seal !== ""',
    scenario: {
      file: "downloads",
      title: "that was made to last leads nowhere, and that is written down",
    },
  },
  {
    name: "a link leads to whatever was sealed",
    file: "functions/download/answer.ts",
    find: "|| !isOwnDump(link)",
    replace: '|| link.key === ""',
    scenario: {
      file: "downloads",
      title: "though sealed as it should be, is not led to another instance's folder",
    },
  },
  {
    name: "a click leads on though nobody could write it down",
    file: "functions/download/answer.ts",
    find: "keys.access(access, requestId), access);",
    replace: "keys.access(access, requestId), access).catch(() => false);",
    scenario: {
      file: "downloads",
      title: "leads nowhere where the access cannot be written down",
    },
  },
  {
    name: "a link to a dump outlives its time",
    file: "functions/download/answer.ts",
    find: "if (now.getTime() >= Date.parse(link.until)) return",
    replace: 'if (link.until === "") return',
    scenario: { file: "downloads", title: "ends at its time, to the millisecond" },
  },
  {
    name: "a link that was revoked goes on",
    file: "functions/download/answer.ts",
    find: "if (link.revoked) return",
    replace: 'if (link.until === "") return',
    scenario: {
      file: "downloads",
      title: "that was revoked leads nowhere, and that is written down",
    },
  },
];
