import { prefixes } from "../../functions/ledger/contract.ts";
import { incidentSpan, readClaims } from "../books/month-claims.ts";
import { type AnnotationRecord, type IncidentSpan, standing } from "../sla/books/annotation.ts";
import type { Instance } from "../sla/fleet.ts";
import type { Access } from "./access.ts";
import { noLedger, reasonIn } from "./no-ledger.ts";

/** An incident of an instance, with the last word on its cause. */
export interface KnownIncident {
  readonly incident: string;
  readonly span: IncidentSpan;
  readonly annotation?: AnnotationRecord;
}

/** The newest first, and the sites whose ledger does not answer. Throws UserError if none answers. */
export async function incidentsOf(
  { fleet, ledgers }: Access,
  instance: Instance,
): Promise<{ readonly incidents: readonly KnownIncident[]; readonly silent: readonly string[] }> {
  const sites = Object.keys(fleet.sites);
  const prefix = prefixes.incidents(instance.id);
  const listed = await Promise.allSettled(sites.map((site) => ledgers(site).list(prefix)));
  const silent = sites.filter((_, index) => listed[index]?.status === "rejected");
  if (silent.length === sites.length) throw noLedger(sites, { why: reasonIn(listed) });
  const shelves = sites.filter((site) => !silent.includes(site)).map(ledgers);
  const found = listed.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
  const ids = new Set(found.map(({ key }) => key.slice(prefix.length, -".json".length)));
  const { annotated } = await readClaims(shelves, [instance]);
  const said = standing(annotated.get(instance.id) ?? []);
  const read = [...ids].toSorted().map(async (incident): Promise<readonly KnownIncident[]> => {
    const span = await incidentSpan(shelves, { instance: instance.id, incident });
    const annotation = said.find((each) => each.incident === incident);
    return span ? [{ incident, span, ...(annotation && { annotation }) }] : [];
  });
  return { incidents: (await Promise.all(read)).flat().toReversed(), silent };
}
