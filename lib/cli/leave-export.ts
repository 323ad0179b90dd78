import type { Access } from "../operator/access.ts";
import type { FinalFiles } from "../operator/final-files.ts";
import type { Instance } from "../sla/fleet.ts";
import { freshDump } from "./download-fresh.ts";
import { say } from "./say.ts";
import { UserError } from "./user-error.ts";

/** A dump that was asked for no longer ago is the last word of whoever leaves. */
const LAST_WORD_MS = 24 * 3_600_000;

/** Name of the backup that a fresh dump was made of: of one made a while ago if there is, else of now. */
export async function finalDump(
  access: Access,
  instance: Instance,
  { json }: { readonly json?: true },
): Promise<string> {
  const [{ lastFresh }, { rdsEyes }] = await Promise.all([
    import("../operator/fresh-ask.ts"),
    import("../operator/fresh-now.ts"),
  ]);
  const last = await lastFresh(access, rdsEyes(access), instance);
  const ageMs = access.clock.now().getTime() - Date.parse(last?.request.askedAt ?? "");
  const isItsOwn = last?.request.purpose === "leave";
  if (isItsOwn && last.stage.kind === "frozen" && ageMs < LAST_WORD_MS) {
    if (!json)
      say(`${instance.id}: the fresh dump asked for at ${last.request.askedAt} is the last`);
    return last.stage.backup.id;
  }
  const flags = { purpose: "leave", ...(json && { json }) } as const;
  // One that a customer has wished for may be under way: it is waited for, and is not the last.
  for (let attempt = 0; attempt < 2; attempt++) {
    const { asked, backup } = await freshDump(access, instance, flags);
    if (backup !== undefined && asked.request.purpose === "leave") return backup;
  }
  throw new UserError(`${instance.id}: no dump was made`, 1);
}

/** Plan seconds: of a large filestore they take longer, and a repeat goes on waiting. */
const FILES_SECONDS = 900;
const LOOK_SECONDS = 15;
const LOOK_FLOOR_MS = 500;

/** Undefined where the plan sells none. Throws UserError while they are not there. */
export async function awaitFiles(
  access: Access,
  instance: Instance,
  place: { readonly region: string; readonly backup: string },
): Promise<FinalFiles | undefined> {
  const [{ finalFiles }, { lookIn }, { s3Replicas }] = await Promise.all([
    import("../operator/final-files.ts"),
    import("../operator/look-now.ts"),
    import("../operator/s3-replicas.ts"),
  ]);
  const { clock } = access;
  const { archive } = s3Replicas(access);
  const look = lookIn(clock);
  const endMs = clock.now().getTime() + clock.paced(FILES_SECONDS, 30_000);
  for (;;) {
    const found = await finalFiles(access, archive(place.region), instance, place);
    if (found === "none") return undefined;
    if (found !== "missing") return found;
    if (clock.now().getTime() >= endMs) break;
    await look(place.region).catch(() => undefined);
    await clock.wait(LOOK_SECONDS, LOOK_FLOOR_MS);
  }
  throw new UserError(
    `${instance.id}: the files of ${place.backup} are not in ${place.region} yet: sla backups ${instance.id} --now says how far they are; the same again goes on with the dump that is made`,
    1,
  );
}
