import { expect, it } from "vitest";
import { providerWords } from "../../../lib/drill/application-sql.ts";
import { planMatrix } from "../../../lib/drill/matrix.ts";
import { chooseVictim } from "../../../lib/drill/options.ts";
import { readFleet } from "../../../lib/fleet/parse.ts";

const FLEET = readFleet("test/fixtures/market-fleet.yaml");
const planned = (fault: string, instance: string) =>
  planMatrix({ fault, without: [], rounds: 1 }, FLEET, chooseVictim(FLEET, instance));

it("drills MariaDB with every fault but those that prove nothing of it", () => {
  const { runs, leftOut } = planned("all", "shop");
  expect(runs.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["kill", "lazarus", "freeze", "slow-standby", "split", "app-down"]),
  );
  expect(leftOut).toEqual(
    expect.arrayContaining([
      {
        name: "late-replay",
        because: "what its standby has received and not applied is lost with the promotion",
      },
    ]),
  );
  expect(planned("late-replay", "till").runs).toHaveLength(1);
});

it("says so where one of those is asked for alone", () => {
  expect(() => planned("late-replay", "shop")).toThrow(
    "--fault: late-replay proves nothing for shop: what its standby has received and not applied is lost with the promotion",
  );
});

it("prepares a MariaDB as sla adopt does, with the password of the run in no statement", () => {
  const { master, prepare } = providerWords("mariadb");
  expect(master).toBe("admin");
  expect(prepare("of-the-run").join("\n")).toContain("grant execute on procedure mysql.rds_kill");
  expect(prepare("of-the-run").join("\n")).not.toContain("of-the-run");
});
