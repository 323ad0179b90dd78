import { readFileSync } from "node:fs";
import { parseFleet } from "../../lib/fleet/parse.ts";
import { FleetError } from "../../lib/fleet/problem.ts";

export const EXAMPLE = readFileSync("examples/fleet.yaml", "utf8");
const PLAN = `
plans:
  shop: { watch: { everySeconds: 15, badRounds: 3, goodRounds: 2 }, multiAz: { required: false, waitSeconds: 0 }, serverLoss: { rpoSeconds: 5m, rtoSeconds: 30m, includesDns: true } }
`;
const groups = (text: string, engine = "mariadb") =>
  text.replaceAll(/^( +)parameterGroup: .*$/gm, `$&\n$1parameterGroups: { ${engine}: shops }`);

/** The example, in which birch is of this engine and sold this. */
export function withBirch(
  engine: string,
  changes: (birch: string) => string = (text) => text,
): string {
  const [before, birch, after] = EXAMPLE.split(/(?= {2}- id: birch)|(?=\n {2}# Promised hours)/);
  const own = (birch ?? "")
    .replace("database: { primary", `database: { engine: ${engine}, primary`)
    .replace("plan: mintsys", "plan: shop")
    .replace(/^ {4}(copies|filestore): .*\n/gm, "");
  return groups(`${before}${changes(own)}${after}${PLAN}`, engine);
}

/** The example, in which birch is a global database of clusters. */
export const withCluster = (changes: (birch: string) => string = (text) => text): string =>
  withBirch("aurora-postgresql", (birch) =>
    changes(birch.replace(" primary:", " global: birch-global, primary:")),
  ).replaceAll(/^ +parameterGroups: .*\n/gm, "");

/** The example, in which birch is a cluster of one region. */
export const withRegional = (
  engine = "aurora-postgresql",
  changes: (birch: string) => string = (text) => text,
): string =>
  withBirch(engine, (birch) =>
    changes(
      birch
        .replace(/^ {4}standby: .*\n/m, "")
        .replace(" standby: birch-db-standby,", "")
        .replace(", standby: birch-1.elb.example", ""),
    ),
  )
    .replaceAll(/^ +parameterGroups: .*\n/gm, "")
    .replace("waitSeconds: 0", "waitSeconds: 90");

/** All that a fleet file is refused for, each as `place: message`. */
export function problemsOf(text: string): readonly string[] {
  try {
    parseFleet(text, "fleet.yaml");
    return [];
  } catch (cause) {
    if (!(cause instanceof FleetError)) throw cause;
    return cause.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}
