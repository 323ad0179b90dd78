import { createHash } from "node:crypto";
import { TAGS } from "../../lib/sla/backups/catalogue.ts";
import type { Begun } from "./case.ts";
import { nameOfTest, TEST_TAGS } from "./contract.ts";
import { fail, notYet } from "./errors.ts";
import { fitBackup } from "./fit.ts";
import type { BootedImage, LaunchedImage, PickedImage } from "./image-case.ts";
import {
  BOOT_SECONDS,
  IMAGE_ORPHAN_SECONDS,
  IMAGE_TEST_SECONDS,
  TEST_TYPES,
} from "./image-contract.ts";
import { recordImage } from "./image-record.ts";
import type { BootWorld } from "./image-world.ts";
import { failed } from "./record.ts";
import type { Steps } from "./step.ts";
import { instanceOf } from "./world.ts";

/** Sees that the image is one, and tags it as under test. */
export async function pickImage(world: BootWorld, begun: Begun): Promise<PickedImage> {
  const { request, execution, startedAt } = begun;
  const { id } = instanceOf(world, request.instance);
  const found = await world.images.look(request.backup);
  const { takenMs } = fitBackup(found?.listed, { ...request, instance: id }, world.region);
  const { ami = "", architecture = "", disks = [] } = found ?? {};
  await world.images.tag(request.backup, { [TAGS.tested]: startedAt });
  return {
    ...{ ...begun, name: nameOfTest(execution), takenAt: new Date(takenMs).toISOString() },
    image: { ami, architecture, disks },
  };
}

/** Never among what is in service: its jobs would run and its mails leave a second time. */
export async function launch(world: BootWorld, picked: PickedImage): Promise<LaunchedImage> {
  const { machines, fleet, region, clock } = world;
  const { image, name, execution, startedAt } = picked;
  const network = fleet.sites[region]?.imageTests;
  if (!network) return fail("RestoreRefused", `${region}: the fleet names no imageTests network`);
  const { subnet, securityGroup: group } = network;
  const openings = await machines.openings(group);
  if (!openings) return fail("RestoreRefused", `${region}: there is no security group ${group}`);
  if (openings.length > 0) {
    const rules = openings.join(", ");
    return fail("RestoreRefused", `${group} in ${region} has to be without rules: it has ${rules}`);
  }
  const type = TEST_TYPES[image.architecture];
  if (type === undefined) {
    const known = Object.keys(TEST_TYPES).join(", ");
    return fail("RestoreRefused", `its architecture is ${image.architecture}: expected ${known}`);
  }
  // EC2 takes a token twice only with all else the same: so the tags go by when the test began.
  const untilMs = Date.parse(startedAt) + clock.paced(IMAGE_ORPHAN_SECONDS, 60_000);
  const answer = await machines.launch({
    ...{ ...image, type, subnet, group },
    token: createHash("sha256").update(execution).digest("hex"),
    tags: { [TEST_TAGS.test]: name, [TEST_TAGS.until]: new Date(untilMs).toISOString() },
  });
  if ("refused" in answer) return fail("RestoreRefused", answer.refused);
  if ("later" in answer) return notYet(clock, picked, answer.later, IMAGE_TEST_SECONDS);
  return { ...picked, machine: answer.machine, launchedAt: clock.now().toISOString() };
}

const GOING = ["shutting-down", "terminated", "stopping", "stopped"];

/** It is up once EC2 reaches it: the system beneath it, and its own network, which it has set up by itself. */
export async function comesUp(world: BootWorld, launched: LaunchedImage): Promise<BootedImage> {
  const { machines, clock } = world;
  const { machine, launchedAt } = launched;
  const found = await machines.look(machine);
  if (found && GOING.includes(found.state)) {
    const why = found.reason === undefined ? "" : `: ${found.reason}`;
    return fail("RestoreBroken", `${machine} is ${found.state}${why}`);
  }
  const checks = await machines.checks(machine);
  if (checks?.system === "ok" && checks.own === "ok") {
    return { ...launched, upAt: clock.now().toISOString() };
  }
  const said = checks
    ? `EC2 says of the system beneath it: ${checks.system}, of itself: ${checks.own}`
    : `it is ${found?.state ?? "not there yet"}`;
  const forMs = clock.now().getTime() - Date.parse(launchedAt);
  if (forMs > clock.paced(BOOT_SECONDS, 30_000)) {
    return fail("RestoreBroken", `${machine} did not come up: ${said}`);
  }
  return notYet(clock, launched, `${machine}: ${said}`, IMAGE_TEST_SECONDS);
}

/** Steps of `sla-image-boot`. */
export const BOOT: Steps<BootWorld> = {
  ...{ pick: pickImage, launch, "comes-up": comesUp },
  ...{ record: recordImage, failed },
};
