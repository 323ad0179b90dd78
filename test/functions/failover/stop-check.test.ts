import { CreateHealthCheckCommand } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checksBy } from "../../../functions/aws/route53-checks.ts";
import { stopCheckFor } from "../../../functions/failover/stop-check.ts";
import { stopReference } from "../../../functions/flag/contract.ts";
import { firstRoles, promotedRoles } from "../../../lib/sla/roles.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { openAccount } from "../../local-cloud/route53/account.ts";

const birch = instance("birch", { home: "eu-north-1" });
const FLEET = fleetOf([birch]);
const FIRST = firstRoles(FLEET, birch, "2026-11-21T10:00:00.000Z");
const CELL = "cell--eu-north-1-eu-central-1-automatic";

describe("the STOP check of an instance under its roles", () => {
  let account: Awaited<ReturnType<typeof openAccount>>;
  const ids = new Map<string, string>();

  beforeAll(async () => {
    account = await openAccount({ address: "127.0.92.53" });
    const there = stopReference(CELL, "eu-central-1");
    const back = stopReference("cell--eu-central-1-eu-north-1-automatic", "eu-north-1");
    for (const reference of [there, `${there}-2`, `${there}-10`, `${there}-eu-north-1`, back]) {
      const { HealthCheck } = await account.client.send(
        new CreateHealthCheckCommand({
          CallerReference: reference,
          HealthCheckConfig: { Type: "HTTPS", FullyQualifiedDomainName: "flag.example" },
        }),
      );
      ids.set(reference, HealthCheck?.Id ?? "");
    }
  });
  afterAll(() => account.close());

  const checkFor = (roles: typeof FIRST) => stopCheckFor(checksBy(account.client), birch, roles);

  it("is the newest of its cell and direction, by the number behind its reference", async () => {
    expect(await checkFor(FIRST)).toBe(ids.get(`${stopReference(CELL, "eu-central-1")}-10`));
  });

  it("is that of the way back once it stands the other way round", async () => {
    const [primary, standby] = [FIRST.standby, FIRST.primary];
    if (!primary) throw new Error("birch has a standby");
    const reference = stopReference("cell--eu-central-1-eu-north-1-automatic", "eu-north-1");
    expect(await checkFor({ ...FIRST, epoch: 3, primary, standby })).toBe(ids.get(reference));
  });

  it("is none while nobody stands by, where no flag can be watched, or if none was made", async () => {
    expect(await checkFor(promotedRoles(FIRST, "eu-west-1", FIRST.since, "x"))).toBeUndefined();
    const at = (region: string) => ({ ...FIRST, standby: { region, database: "birch-db-x" } });
    expect(await checkFor(at("eu-central-2"))).toBeUndefined();
    expect(await checkFor(at("eu-west-3"))).toBeUndefined();
  });

  it("says what its checkers see, and that one is gone", async () => {
    const checks = checksBy(account.client);
    // On a busy machine the checker may have looked once by now: its address answers nobody.
    const seen = await checks.seen([...ids.values()][0] ?? "");
    expect(seen?.filter(({ raised }) => raised)).toEqual([]);
    expect(await checks.seen("11111111-2222-3333-4444-555555555555")).toBeUndefined();
  });
});
