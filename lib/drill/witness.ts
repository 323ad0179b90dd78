import { Resolver } from "node:dns/promises";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import { firstRoles } from "../sla/roles.ts";
import { eventually } from "./eventually.ts";
import { ledgerReader } from "./ledger.ts";
import type { Stage } from "./stage.ts";

/** The part of `rounds/…` that tells who saw what. */
interface SeenRound {
  readonly looks: readonly {
    readonly instances: Readonly<
      Record<
        string,
        { readonly votes: Readonly<Record<string, string>>; readonly database: string }
      >
    >;
  }[];
}

const HEALTHY_WITHIN_MS = 90_000;

export const ledgerOf = ({ estate, fleet }: Stage, region: string) =>
  ledgerReader(estate.aws.s3(region), ledgerBucket(fleet.provider.account, region));

/** Waits until one look found every instance good from every vantage, with its heartbeat advancing. */
export async function everyVantageSawHealthy(stage: Stage): Promise<void> {
  const { fleet } = stage;
  await Promise.all(
    fleet.instances.map((instance) => {
      const { owner } = firstRoles(fleet, instance, "");
      return eventually(
        `every vantage to see ${instance.id} healthy (owner ${owner})`,
        HEALTHY_WITHIN_MS,
        () => seenHealthy(stage, owner, instance.id),
      );
    }),
  );
}

async function seenHealthy(stage: Stage, owner: string, id: string): Promise<true | undefined> {
  const ledger = ledgerOf(stage, owner);
  const newest = (await ledger.keys("rounds/")).toSorted().slice(-3);
  const rounds = await Promise.all(newest.map((key) => ledger.read<SeenRound>(key)));
  const looks = rounds.flatMap((round) => round?.looks ?? []);
  const healthy = looks.some(({ instances: { [id]: seen } }) => {
    const good = stage.fleet.vantages.every((vantage) => seen?.votes[vantage] === "good");
    return good && seen?.database === "advancing";
  });
  return healthy || undefined;
}

/** What the authoritative servers say of each instance's database and application now: id → targets. */
export async function resolveNames({ fleet, cloud }: Stage): Promise<Map<string, string>> {
  const resolver = new Resolver();
  resolver.setServers([...cloud.ground.dnsServers]);
  const entries = fleet.instances.map(async ({ id, dns: { names } }) => {
    const all = [names.database, ...(names.app === undefined ? [] : [names.app])];
    const targets = await Promise.all(all.map((name) => resolver.resolveCname(name)));
    return [id, targets.flat().join(", ")] as const;
  });
  return new Map(await Promise.all(entries));
}
