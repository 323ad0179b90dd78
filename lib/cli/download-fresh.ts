import type { Access } from "../operator/access.ts";
import type { FreshAsked } from "../operator/fresh-ask.ts";
import { hanging } from "../operator/hanging.ts";
import { localTime } from "../operator/local-time.ts";
import type { Instance } from "../sla/fleet.ts";
import { say, tellStep } from "./say.ts";
import { UserError } from "./user-error.ts";

interface FreshFlags {
  readonly detach?: true;
  readonly json?: true;
  readonly purpose?: "leave";
}

/** What was asked for, and the name of its backup once its dump is made; absent where nobody waits. */
export interface FreshMade {
  readonly asked: FreshAsked;
  readonly backup?: string;
}

/** Has a dump made of what there is now. Throws UserError where none can be made, or none comes of it. */
export async function freshDump(
  access: Access,
  instance: Instance,
  { detach, json, purpose }: FreshFlags,
): Promise<FreshMade> {
  const [{ askFresh }, { rdsEyes }, { followFresh }, { lookIn }] = await Promise.all([
    import("../operator/fresh-ask.ts"),
    import("../operator/fresh-now.ts"),
    import("../operator/fresh-follow.ts"),
    import("../operator/look-now.ts"),
  ]);
  await refuseUnanswered(access, instance);
  const ports = { eyes: rdsEyes(access), nudge: lookIn(access.clock) };
  const asked = await askFresh(access, ports.eyes, instance, purpose);
  for (const site of asked.untold) {
    console.error(`sla: ${site} does not answer and hears nothing of it until somebody asks again`);
  }
  if (!json) say(...begun(asked, access.fleet.provider.timezone));
  // A site that rests until something is due begins to look.
  await Promise.allSettled(Object.keys(access.fleet.sites).map(ports.nudge));
  if (detach) {
    if (json) say(JSON.stringify({ instance: instance.id, fresh: asked }));
    else say(...afterwards(instance));
    return { asked };
  }
  const { id } = await followFresh(access, ports, asked, json ? () => {} : tellStep);
  return { asked, backup: id };
}

function begun({ request, isJoined, region }: FreshAsked, timezone: string): readonly string[] {
  const { instance, askedAt, by } = request;
  const at = localTime(timezone)(askedAt);
  const first = isJoined ? `one is under way already, asked for ${at} by ${by}` : "asked for";
  return [
    ...hanging(`${instance}: `, `a fresh dump: ${first}`),
    ...hanging(
      "  cost    ",
      `one backup more, and in ${region} a restore of the whole database beside everything else: minutes to hours`,
    ),
    ...hanging("  going   ", "it goes on without this terminal; asking again joins it"),
  ];
}

const afterwards = ({ id }: Instance): readonly string[] => [
  ...hanging("  now     ", `sla download ${id} --list says how far it is`),
  ...hanging("  then    ", `sla download ${id} makes its link`),
];

/** A link that nobody answers is not worth a restore. */
async function refuseUnanswered(access: Access, { id }: Instance): Promise<void> {
  const { frozenShelf } = await import("../operator/frozen-shelf.ts");
  const { frozenOf } = await import("../operator/download.ts");
  const { region } = frozenOf(access);
  if ((await frozenShelf(access.clock).page(region)) !== undefined) return;
  throw new UserError(
    `${id}: nobody answers links in ${region}: deploy its site (npm run deploy)`,
    1,
  );
}
