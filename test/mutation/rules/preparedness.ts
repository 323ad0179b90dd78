import type { Mutation } from "../mutation.ts";

export const PREPAREDNESS: readonly Mutation[] = [
  {
    name: "a quarantine may let in whoever comes from a network",
    file: "lib/sla/network-checks.ts",
    find: 'kind !== "group" || !ourGroups.includes(name)',
    replace: 'kind === "group" && !ourGroups.includes(name)',
    scenario: {
      file: "preparedness",
      title: "tells of a quarantine that somebody has opened by a mail of its own, before all else",
    },
  },
  {
    name: "what a region lacked before it was lost is taken for mended",
    file: "functions/prepared/telling.ts",
    find: "[...found, ...unknown.flatMap((each) => known.get(keyOf(each)) ?? [])]",
    replace: "[...found]",
    scenario: {
      file: "preparedness",
      title: "what was lacking of it goes on lacking, and nobody is told anything",
    },
  },
  {
    name: "the same lack is mailed by every look",
    file: "functions/prepared/telling.ts",
    find: "known.get(keyOf(lack))?.detail !== lack.detail",
    replace: 'lack.detail !== ""',
    scenario: {
      file: "preparedness",
      title: "tells what was changed once, again when it is worse, and once more when it is mended",
    },
  },
  {
    name: "a look to which its own region said nothing counts as one",
    file: "functions/prepared/look.ts",
    find: "  if (!first) return record;\n",
    replace: "  if (first || !first) return record;\n",
    scenario: { file: "preparedness", title: "that is its own, the look is an error" },
  },
  {
    name: "parameters are compared with the version of the oldest backup",
    file: "functions/prepared/found.ts",
    find: '< (b.takenAt ?? "") ? 1 : -1',
    replace: '< (b.takenAt ?? "") ? -1 : 1',
    scenario: {
      file: "preparedness",
      title: "goes by the newest backup of an instance, and by no database that is somebody else's",
    },
  },
  {
    name: "a lost region is asked for each of its secrets",
    file: "functions/prepared/asking.ts",
    find: '      if (cause.code === "CloudUnreachable") lost.set(whom, cause.message);\n',
    replace: "",
    scenario: {
      file: "preparedness",
      title: "it is not asked for each of a thousand secrets",
    },
  },
  {
    name: "a backup of another engine is held against the group of PostgreSQL",
    file: "lib/sla/preparedness.ts",
    find: 'engines.filter(({ engine = "postgres" }) => engine === name)',
    replace: "engines.filter(({ engine }) => engine !== name)",
    scenario: {
      file: "preparedness",
      title: "holds no backup of another engine against the group of PostgreSQL",
    },
  },
];
