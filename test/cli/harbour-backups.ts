/** The harbour, where one instance is backed up; of each backup only the newest stays. */
export const withBackups = (harbour: string) =>
  harbour
    .replace(
      "  skiff:",
      "  tug:\n    extends: ferry\n    backups: { contents: [database], schedules: [{ every: 1d, keepNewest: 1 }] }\n  skiff:",
    )
    .replace("    plan: ferry\n", "    plan: tug\n")
    .replace(
      "    standby: eu-west-1\n",
      "    standby: eu-west-1\n    copies: [eu-west-1, eu-west-3]\n",
    );

/** The same, whose machines are imaged as well: the two newest versions stay. */
export const withImages = (harbour: string) =>
  withBackups(harbour)
    .replace("keepNewest: 1 }] }", "keepNewest: 1 }], instanceVersions: 2 }")
    .replace(
      "    copies: [eu-west-1, eu-west-3]\n",
      "    copies: [eu-west-1, eu-west-3]\n    machines: { eu-south-2: Name=tern, eu-west-1: i-0123456789abcdef0 }\n",
    );

/** What is proven in the farthest region is frozen there as well. */
export const withFrozen = (harbour: string) =>
  harbour
    .replace("    extends: ferry\n", "    extends: ferry\n    frozen: { immutable: true }\n")
    .replace(
      "\ninstances:",
      '\nfrozen: { account: "222222222222", region: eu-west-3, retainDays: 120 }\n\ninstances:',
    );

/** The same, whose images are started for tests, in a sealed network of every site. */
export const withImageTests = (harbour: string) =>
  withImages(harbour)
    .replace("instanceVersions: 2 }\n", "instanceVersions: 2 }\n    imageTests: { every: 1mo }\n")
    .replaceAll(
      /^( +)quarantineGroup: sg-(h\d)q$/gm,
      "$&\n$1imageTests: { subnet: subnet-$2t, securityGroup: sg-$2t }",
    );
