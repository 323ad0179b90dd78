import { PROBE_FUNCTION } from "../../functions/probe/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { LocalCloud } from "../local-cloud/cloud.ts";
import type { Fleet, Instance } from "../sla/fleet.ts";

/** What a run goes without: it hangs from the fault on. */
export interface Absence {
  /** As `--without` names it: `sns`, `vantage:eu-north-1`. */
  readonly name: string;
  readonly kind: AbsenceKind;
  /** In the timeline: `the API of sns no longer answers, in any region`. */
  readonly begins: string;
  /** What the timeline says when it answers again; absent where nothing is owed to it afterwards. */
  readonly ends?: string;
  begin(cloud: LocalCloud): void;
  end(cloud: LocalCloud): void;
}

export const ABSENCE_KINDS = ["route53", "sns", "s3-home", "vantage"] as const;
export type AbsenceKind = (typeof ABSENCE_KINDS)[number];

const VANTAGE = /^vantage:(.+)$/;
const KNOWN = "route53, sns, s3-home or vantage:REGION";

/** `sns,vantage:eu-north-1` → its names, each once. Throws UserError for one that there is not. */
export function parseAbsences(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  const strange = names.find((name) => kindOf(name) === undefined);
  if (strange === undefined) return [...new Set(names)];
  const hint = strange === "vantage" || strange === "vantage:" ? "; name its region" : "";
  throw new UserError(`--without: expected ${KNOWN}, got '${strange}'${hint}`);
}

function kindOf(name: string): AbsenceKind | undefined {
  if (VANTAGE.test(name)) return "vantage";
  return ABSENCE_KINDS.find((kind) => kind === name && kind !== "vantage");
}

/** What is gone, by its name. Throws UserError if the fleet has no such vantage. */
export function absenceOf(name: string, fleet: Fleet, { home }: Instance): Absence {
  const [, region] = VANTAGE.exec(name) ?? [];
  if (region !== undefined) return vantage(name, region, fleet);
  if (name === "s3-home") {
    return {
      name,
      kind: name,
      begins: `S3 of ${home} no longer answers: its ledger is out of reach`,
      ends: `S3 of ${home} answers again`,
      begin: ({ ground }) => ground.silent.begin("s3", home),
      end: ({ ground }) => ground.silent.end("s3", home),
    };
  }
  return service(name as "route53" | "sns");
}

const service = (name: "route53" | "sns"): Absence => ({
  name,
  kind: name,
  begins: `the API of ${name} no longer answers, in any region`,
  ...(name === "sns" && { ends: "the API of sns answers again" }),
  begin: ({ ground }) => ground.silent.begin(name),
  end: ({ ground }) => ground.silent.end(name),
});

function vantage(name: string, region: string, { vantages }: Fleet): Absence {
  if (!vantages.includes(region)) {
    const known = vantages.join(", ");
    throw new UserError(`--without: the fleet has no vantage '${region}'; it has ${known}`);
  }
  const probe = { region, name: PROBE_FUNCTION };
  return {
    name,
    kind: "vantage",
    begins: `the vantage ${region} no longer answers`,
    begin: ({ services }) => services.lambda.mishaps.silence(probe),
    end: ({ services }) => services.lambda.mishaps.endSilence(probe),
  };
}
