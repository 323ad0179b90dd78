import { TAGS } from "../../lib/sla/backups/catalogue.ts";
import { keys } from "../ledger/contract.ts";
import { nameOfTest } from "./contract.ts";
import type { EndedImage } from "./image-case.ts";
import type { ImageTestRecord } from "./image-contract.ts";
import type { BootWorld } from "./image-world.ts";
import { secondsBetween } from "./record.ts";

/** Evidence first, then the tag by which everybody else goes. */
export async function recordImage(world: BootWorld, ended: EndedImage): Promise<EndedImage> {
  const { clock, region, images, ledgers } = world;
  const { request, failure } = ended;
  const now = clock.now().toISOString();
  const test = nameOfTest(ended.execution);
  const key = keys.imageTest(request.instance, test);
  await ledgers(region).create(key, recordOf(ended, test, region, now));
  if (ended.name === undefined) return ended;
  await images.tag(request.backup, { [failure ? TAGS.refuted : TAGS.verified]: now });
  return ended;
}

function recordOf(ended: EndedImage, test: string, region: string, now: string): ImageTestRecord {
  const { request, startedAt, takenAt, machine, launchedAt, upAt, failure } = ended;
  const { instance, backup: image, trigger } = request;
  return {
    ...{ instance, test, image, region, trigger, startedAt, endedAt: now },
    ok: failure === undefined,
    ...(takenAt !== undefined && { takenAt }),
    ...(machine !== undefined && { machine }),
    ...(launchedAt !== undefined &&
      upAt !== undefined && { bootSeconds: secondsBetween(launchedAt, upAt) }),
    ...(failure && { failure }),
  };
}
