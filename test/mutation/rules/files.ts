import type { Mutation } from "../mutation.ts";

export const FILES: readonly Mutation[] = [
  {
    name: "the last backup that has its files is deleted",
    file: "lib/sla/backups/keepers.ts",
    find: "  if (files !== undefined) return files;\n",
    replace: "",
    scenario: {
      file: "backups-files",
      title: "that stay away for months leave the last backup that has its files, in every place",
    },
  },
  {
    name: "manifests go though a place does not say what it holds",
    file: "lib/sla/backups/pairing.ts",
    find: "gone: isHeard ?",
    replace: "gone: isHeard || known ?",
    scenario: {
      file: "backups-files",
      title: "stay paired with a backup that a silent place may hold",
    },
  },
  {
    name: "files that changed while they were copied are left out",
    file: "functions/files/mirror.ts",
    find: '  if (fresh.length < copies.length) return { kind: "changed" };\n',
    replace: "",
    scenario: {
      file: "backups-files",
      title: "that change while they are copied are all there, as they are then",
    },
  },
];
