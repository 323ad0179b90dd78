import type { PolicyBook } from "./book.ts";
import { evaluate } from "./evaluate.ts";

interface Taking {
  /** ARN. */
  readonly role: string;
  /** `lambda.amazonaws.com` */
  readonly service: string;
  /** For whom: its ARN. */
  readonly holder: string;
}

/** Why a service cannot take a role on, in words; undefined: it can. @throws PolicyRefused */
export function whyNotTaken(
  book: Pick<PolicyBook, "role">,
  { role, service, holder }: Taking,
): string | undefined {
  const known = book.role(role);
  if (!known) return `its role ${role} does not exist`;
  const verdict = evaluate({
    caller: { kind: "service", service },
    ask: { action: "sts:AssumeRole", resource: role },
    ...{ identity: [], resource: known.trust, isForeign: false, resourceRules: true },
    context: { "aws:sourceaccount": holder.split(":")[4], "aws:sourcearn": holder },
  });
  return verdict.allowed ? undefined : `its role ${known.name} cannot be assumed by ${service}`;
}
