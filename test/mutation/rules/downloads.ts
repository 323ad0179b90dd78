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
  {
    name: "a link leads to the files that its record names by now",
    file: "functions/download/contract.ts",
    find: "[...dump, bytes, sha256, archive]",
    replace: "dump",
    scenario: { file: "archives", title: "that was given another manifest leads nowhere" },
  },
  {
    name: "a file is what its key is by now, not what was paired with the dump",
    file: "functions/download/archive.ts",
    find: ", versionId, file };",
    replace: ", file };",
    scenario: {
      file: "archives",
      title: "leads to the very versions that were paired with the dump when it was made",
    },
  },
  {
    name: "a path of a file climbs out of its instance",
    file: "lib/sla/backups/file-path.ts",
    find: '!["", ".", ".."].includes(part)',
    replace: 'part !== ""',
    scenario: {
      file: "archives",
      title: "law: whatever its path is, only acme's own files are led to, each by its version",
    },
  },
  {
    name: "files are fetched by somebody who is not written down",
    file: "functions/download/fetches.ts",
    find: "if (page.seen.has(who) &&",
    replace: "if (page.seen.size > 0 &&",
    scenario: { file: "archives", title: "are led to nobody who is not written down yet" },
  },
];
