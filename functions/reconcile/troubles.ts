import { type Finding, instanceOf, nameOf, placeOf } from "../../lib/sla/backups/action.ts";
import { FILES_FUNCTION } from "../files/contract.ts";
import type { Notice } from "../notify/contract.ts";
import type { Done } from "./asked.ts";
import type { ShelfState, Trouble } from "./contract.ts";
import { IMAGE_ADVICE, IMAGE_WORDS } from "./image-troubles.ts";

/** What RDS refuses is a trouble like any other: a person has to change something. */
export const refusals = (done: readonly Done[]): readonly Finding[] =>
  done.flatMap(({ action, outcome, of }) => {
    if (outcome.answer !== "refused") return [];
    const said = `${action.kind} ${nameOf(action)}: ${outcome.said ?? "refused"}`;
    const detail = of === "images" ? `images: ${said}` : said;
    const where = { instance: instanceOf(action), region: placeOf(action) };
    // Copies of an instance do not wait because its logs are refused.
    const kind = "source" in action ? "logs-refused" : "refused";
    return [{ kind, ...where, detail, patienceMs: 0, ...(of && { of }) }];
  });

/** Instances of which RDS, or EC2 of their images, refused something in the last pass. */
export const refusedIn = (before: ShelfState | undefined, what?: "images"): ReadonlySet<string> =>
  new Set(
    (before?.troubles ?? []).flatMap(({ kind, instance, of }) =>
      kind === "refused" && of === what ? [instance] : [],
    ),
  );

/** Nor are so many copies at once meant, which the same fault says. */
const NO_ROOM = /^SnapshotQuotaExceeded(?!.*[Cc]annot copy more than)/;

/** Instances of which RDS had no room for another backup. */
export const withoutRoom = (done: readonly Done[]): readonly string[] => [
  ...new Set(
    done.flatMap(({ action, outcome }) =>
      outcome.answer === "refused" && NO_ROOM.test(outcome.said ?? "") ? [instanceOf(action)] : [],
    ),
  ),
];

/** When RDS last had no room for another backup, by instance, in ms. */
export const fullIn = (before: ShelfState | undefined): ReadonlyMap<string, number> =>
  new Map((before?.full ?? []).map((instance) => [instance, Date.parse(before?.at ?? "")]));

export interface Told {
  readonly troubles: readonly Trouble[];
  readonly notices: readonly Notice[];
}

/** A trouble is told when it has lasted, and when it has ended; until then the books keep it. */
export function told(
  findings: readonly Finding[],
  before: ShelfState | undefined,
  region: string,
  at: string,
): Told {
  const known = new Map((before?.troubles ?? []).map((each) => [keyOf(each), each]));
  const now = new Map(findings.map((each) => [keyOf(each), lasting(each, known, at)]));
  const fresh = [...now].filter(([key, { isTold }]) => isTold && !known.get(key)?.isTold);
  const over = [...known].filter(([key, { isTold }]) => isTold && !now.has(key));
  return {
    troubles: [...now.values()],
    notices: [
      ...fresh.map(([, trouble]) => troubled(trouble, region)),
      ...over.map(([, trouble]) => well(trouble, region, at)),
    ],
  };
}

function lasting(
  { patienceMs, ...finding }: Finding,
  known: ReadonlyMap<string, Trouble>,
  at: string,
): Trouble {
  const before = known.get(keyOf(finding));
  const since = before?.since ?? at;
  const isTold = before?.isTold || Date.parse(at) - Date.parse(since) >= patienceMs;
  return { ...finding, since, isTold };
}

const keyOf = ({
  kind,
  instance,
  region,
  of,
}: Pick<Trouble, "kind" | "instance" | "region" | "of">) =>
  `${kind} ${instance} ${region} ${of ?? "databases"}`;

const troubled = (trouble: Trouble, site: string): Notice => ({
  kind: "backups-troubled",
  ...common(trouble, site),
  at: trouble.since,
  lines: [
    `${trouble.instance} in ${trouble.region}: ${trouble.detail}.`,
    ...(adviceOf(trouble) ?? []),
    "Runbook: docs/runbook.md#backups-troubled",
  ],
});

const well = (trouble: Trouble, site: string, at: string): Notice => ({
  kind: "backups-well",
  ...common(trouble, site),
  at,
  lines: [
    `${trouble.instance} in ${trouble.region}: no longer ${wordsOf(trouble)}.`,
    `It was since ${trouble.since}.`,
    "Nothing needs to be done.",
  ],
});

const common = ({ kind, instance, region, since, of }: Trouble, site: string) => ({
  instance,
  incident: `backups-${site}-${since.replace(/\D/g, "").slice(0, 12)}`,
  occasion: of === "images" ? `images-${kind}-${region}` : `${kind}-${region}`,
});

const adviceOf = (trouble: Trouble) =>
  ((trouble.of === "images" ? IMAGE_ADVICE[trouble.kind] : undefined) ?? ADVICE[trouble.kind])?.(
    trouble,
  );

const wordsOf = ({ kind, of }: Trouble) =>
  (of === "images" ? IMAGE_WORDS[kind] : undefined) ?? WORDS[kind] ?? kind;

type Kinds = Readonly<Record<string, string>>;

const WORDS: Kinds = {
  "backup-late": "late with its backup",
  "backups-stopped": "without new backups",
  "copy-late": "late with a copy",
  "files-late": "late with its files",
  "deletions-held": "waiting for leave to delete",
  "place-silent": "silent about what it holds",
  "tags-lost": "in possession of snapshots without tags",
  "tags-repaired": "in possession of backups whose tags had to be given back",
  "of-old-primary": "in possession of backups of an old primary",
  stranger: "in possession of backups that no plan wants there",
  "roles-unknown": "without a primary that anybody knows",
  "restore-test-failed": "failing its restore test",
  "logs-late": "late with its replicated logs",
  "logs-not-kept": "without automated backups",
  "logs-refused": "refused the replication of its logs",
  "machine-unnamed": "without a machine that the fleet names there",
  refused: "refused by RDS",
} satisfies Record<Finding["kind"], string>;

type Advice = (trouble: Trouble) => readonly string[];

const look = ({ instance }: Trouble) => `npx sla backups ${instance} --now`;

/** What it means, and what to type; nothing to type where nobody but AWS can help. */
const ADVICE: Readonly<Record<string, Advice>> = {
  "backup-late": (trouble) => [
    "Every pass asks for it again. Is the database available? What each place has, and what RDS says:",
    look(trouble),
  ],
  "backups-stopped": (trouble) => [
    "What was to stay when the last one came stays until another arrives. Is the database available? What each place still has:",
    look(trouble),
  ],
  "copy-late": (trouble) => [
    "Every pass asks for it again, and its original stays until it is there. What is missing, and why:",
    look(trouble),
  ],
  "files-late": (trouble) => [
    "Every pass goes on copying them; a large filestore takes hours the first time. Why they do not come says sla-files there:",
    `aws logs tail /aws/lambda/${FILES_FUNCTION} --region ${trouble.region} --since 1h`,
  ],
  "deletions-held": (trouble) => [
    `Nothing was deleted. npx sla backups ${trouble.instance} shows what nothing keeps; if it should go, within a day:`,
    `npx sla backups ${trouble.instance} --allow-deletions ${trouble.deletions} --reason '…'`,
  ],
  "place-silent": () => ["Nothing that it may need is deleted meanwhile; it heals by itself."],
  "tags-lost": (trouble) => [
    "If it is a backup of ours, give it its tags back (the runbook lists them); else give it another name.",
    look(trouble),
  ],
  "tags-repaired": (trouble) => [
    "Was it held, give it the tag sla:hold again; then take off its tag sla:repaired. What there is:",
    look(trouble),
  ],
  "of-old-primary": () => [
    "It holds what that database was left with. Look for rows in it, then delete it by hand.",
  ],
  stranger: () => [
    "Delete it by hand once nobody needs it, or put what is missing back into the fleet.",
  ],
  "roles-unknown": ({ region }) => [
    "Nothing is backed up. Deploying the stack of its home writes the roles that are missing:",
    `npx cdk deploy Sla-${region}`,
  ],
  "restore-test-failed": (trouble) => [
    "It is tried again every day; the last backup that was proven stays until then. What was found:",
    `npx sla restore-test ${trouble.instance} --last`,
  ],
  "logs-late": (trouble) => [
    "RDS replicates them by itself; where it has ended that (a key that was disabled), every pass begins anew. What there is:",
    look(trouble),
  ],
  "logs-not-kept": ({ region, database }) => [
    "Without them a lost region costs what the schedules give. If its retention is 0, this changes it in its next maintenance window:",
    `aws rds modify-db-instance --region ${region} --db-instance-identifier ${database} --backup-retention-period 7`,
  ],
  "machine-unnamed": ({ region }) => [
    `Add its machine there to the instance in fleet.yaml, and deploy: machines: { ${region}: Name=… }`,
  ],
  "logs-refused": (trouble) => [
    "RDS says why, and is asked again by every pass. Into a region it replicates the logs of 20 databases. What there is:",
    look(trouble),
  ],
  refused: (trouble) => [
    "RDS says why, and is asked again by every pass. What is missing until then:",
    look(trouble),
  ],
} satisfies Record<Finding["kind"], Advice>;
