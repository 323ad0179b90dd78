import { expect, it } from "vitest";
import { unendedGameDay } from "../../../../lib/operator/game-day/now.ts";
import { Hall } from "../../../fakes/game-day.ts";
import { CONTROL, HOME, STANDBY } from "../../../fakes/operator-access.ts";

const hall = () => {
  const { access, acme } = new Hall();
  const put = (site: string, id: string, part: "begun" | "record") =>
    access.memory.at(site).put(`game-days/acme/${id}/${part}.json`, { instance: "acme", id });
  return { access, acme, put };
};

it("the newest game day without a record anywhere is the one that was left", async () => {
  const { access, acme, put } = hall();
  put(HOME, "gd-acme-1", "begun");
  put(STANDBY, "gd-acme-2", "begun");
  put(HOME, "gd-acme-3", "begun");
  put(CONTROL, "gd-acme-3", "record");
  expect(await unendedGameDay(access, acme)).toMatchObject({ id: "gd-acme-2" });
  access.memory.at(STANDBY).reachable = false;
  expect(await unendedGameDay(access, acme)).toMatchObject({ id: "gd-acme-1" });
});

it("where all were ended, or none was held, there is nothing to end", async () => {
  const { access, acme, put } = hall();
  await expect(unendedGameDay(access, acme)).rejects.toThrow(/^acme: no game day of it is left/);
  put(HOME, "gd-acme-1", "begun");
  put(HOME, "gd-acme-1", "record");
  await expect(unendedGameDay(access, acme)).rejects.toMatchObject({ exitCode: 1 });
});
