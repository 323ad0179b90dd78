import { describe, expect, it } from "vitest";
import { plainOf } from "../../../../lib/operator/adopt/draft.ts";
import { propose } from "../../../../lib/operator/adopt/propose.ts";
import { account, database, HOME, regionOf } from "./accounts.ts";

interface Drafted {
  readonly sites: Readonly<Record<string, unknown>>;
  readonly instances: readonly {
    readonly id: string;
    readonly database: { readonly engine?: string };
  }[];
}

describe("a scan of other engines", () => {
  const survey = account([
    regionOf(HOME, [
      database(HOME, "acme-db"),
      database(HOME, "shop", { engine: "mariadb", version: "10.11.8", parameterGroup: "shops" }),
      database(HOME, "old", { engine: "mysql", version: "8.0.20", parameterGroup: "old-8-0" }),
    ]),
  ]);

  it("proposes them, with the parameter groups of each engine", () => {
    const { sites, instances } = plainOf(propose(survey).fleet) as unknown as Drafted;
    expect(sites[HOME]).toMatchObject({
      parameterGroup: "odoo-15",
      parameterGroups: { mariadb: "shops", mysql: "old-8-0" },
    });
    expect(instances.map(({ id, database: { engine } }) => [id, engine])).toEqual([
      ["acme", undefined],
      ["old", "mysql"],
      ["shop", "mariadb"],
    ]);
  });

  it("says of one that is too old which version it takes", () => {
    const text = JSON.stringify(propose(survey).fleet);
    expect(text).toContain("MySQL 8.0.20 is not asked here how its replicas are; 8.0.22 does");
  });
});
