import { afterAll, expect, it, vi } from "vitest";
import {
  ec2ImageCopying,
  ec2ImageRemoving,
  ec2ImageTaking,
} from "../../../functions/aws/ec2-image-shelf.ts";
import { ec2Images } from "../../../functions/aws/ec2-images.ts";
import { imagesHere } from "../../../functions/reconcile/images.ts";
import type { Hands } from "../../../functions/reconcile/ports.ts";
import { copyEach } from "../../../functions/replicate/replicate.ts";
import { rotate } from "../../../functions/snapshot/rotate.ts";
import { takeEach } from "../../../functions/snapshot/take.ts";
import { ImageBook } from "../../../lib/local-cloud/ec2/image-book.ts";
import { Machines } from "../../../lib/local-cloud/ec2/machines.ts";
import { SecurityGroups } from "../../../lib/local-cloud/ec2/security-groups.ts";
import { ec2Service } from "../../../lib/local-cloud/ec2/service.ts";
import { Subnets } from "../../../lib/local-cloud/ec2/subnets.ts";
import { EventLog } from "../../../lib/local-cloud/event-log.ts";
import { Keys } from "../../../lib/local-cloud/rds/keys.ts";
import { ZoneCalendar } from "../../../lib/sla/backups/calendar.ts";
import { backupId, TAGS, tagsOf } from "../../../lib/sla/backups/catalogue.ts";
import { firstRoles } from "../../../lib/sla/roles.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { fleetOf, instance, QUICK_PLAN } from "../../fakes/fleet.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const [HOME, FAR] = ["eu-central-2", "eu-west-1"] as const;
const DAY_MS = 86_400_000;
const machines = new Machines();
const images = new ImageBook({
  ...{ machines, keys: new Keys(), log: new EventLog(), isCutOff: () => false },
});
const { definition } = ec2Service({
  ...{ account: "111111111111", groups: new SecurityGroups(), subnets: new Subnets() },
  ...{ machines, images },
});
const cloud = await running([definition]);
vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
afterAll(() => {
  vi.unstubAllEnvs();
  return cloud.server.close();
});

const clock = new FakeClock(Date.now());
const ACME = instance("acme", { copies: [FAR], machines: { [HOME]: "Name=acme" } });
const backups = {
  ...({ contents: ["database"], schedules: [{ every: "1d", keep: "7d" }] } as const),
  instanceVersions: 2,
};
const fleet = fleetOf([ACME], { ...QUICK_PLAN, backups });
const roles = new Map([["acme", firstRoles(fleet, ACME, "2026-01-01T00:00:00Z")]]);
const calendar = new ZoneCalendar("Europe/Zurich");

const handsIn = (region: string): Hands["images"] => ({
  take: async ({ takes }) => ({
    outcomes: await takeEach(takes, ec2ImageTaking(clock, { region })),
  }),
  copy: async ({ copies }) => ({
    outcomes: await copyEach(copies, ec2ImageCopying(clock, { region })),
  }),
  rotate: (request) => rotate(request, ec2ImageRemoving(clock, { region })),
  test: async () => ({ outcomes: [] }),
});

async function pass(region: string) {
  const { done, findings } = await imagesHere({
    ...{ region, fleet, roles, calendar, nowMs: Date.now(), allowed: new Map() },
    ...{ images: ec2Images(clock), refusedImages: new Set(), hands: { images: handsIn(region) } },
  });
  expect(done.filter(({ outcome }) => outcome.answer === "refused")).toEqual([]);
  return { done: done.map(({ action }) => action.kind), findings };
}

const namesIn = (region: string) =>
  images
    .images(region)
    .flatMap(({ name, state }) => (state === "available" ? [name] : []))
    .toSorted();
const passUntil = (holds: () => boolean) =>
  vi.waitUntil(
    async () => {
      for (const region of [HOME, FAR]) await pass(region);
      return holds();
    },
    { timeout: 25_000, interval: 50 },
  );

it("passes keep two versions in both places, by EC2's own words, and nothing else is touched", async () => {
  const id = machines.add(HOME, { disks: 2, tags: { Name: "acme" } });
  machines.add(HOME, { tags: { Name: "other" } });
  await passUntil(() => namesIn(FAR).length === 1);
  const [first = ""] = namesIn(HOME);
  expect(namesIn(FAR)).toEqual([first]);
  expect(images.images(HOME)[0]?.machine).toBe(id);

  const machine = machines.find(HOME, id);
  if (!machine) throw new Error("it is there");
  images.create(machine, "by-hand", { image: {}, snapshot: {} });
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const [before = "", oldest = ""] = [2, 3].map((days) => {
    const tickMs = midnight - days * DAY_MS;
    const taken = { [TAGS.taken]: new Date(tickMs).toISOString() };
    const tags = { ...tagsOf({ instance: "acme", schedules: ["versions"], tickMs }), ...taken };
    return images.create(machine, backupId("acme", tickMs), { image: tags, snapshot: tags }).name;
  });
  const two = [before, first].toSorted();
  await passUntil(() => namesIn(FAR).length === 2 && !namesIn(HOME).includes(oldest));
  expect(namesIn(FAR)).toEqual(two);
  expect(namesIn(HOME)).toEqual(["by-hand", ...two].toSorted());
  expect(images.snapshots(HOME)).toHaveLength(6);
  expect(images.snapshots(FAR).map(({ key }) => key)).toEqual(
    Array.from({ length: 4 }, () => "alias/sla-backups"),
  );

  for (const region of [HOME, FAR]) expect(await pass(region)).toEqual({ done: [], findings: [] });
});
