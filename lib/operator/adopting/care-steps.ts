import { done, type Step, waiting } from "./step.ts";

/** Looks come every few seconds to a minute; a new deployment takes a while to begin. */
const WATCHED_WITHIN_SECONDS = 1800;
const BACKED_UP_WITHIN_SECONDS = 2 * 86_400;

/** That somebody looks, finds it up, and knows how old the standby's data are. */
export const watchedStep: Step = {
  name: "watched",
  async look({ instance, world }) {
    const { lookedAt, isUp, beatAt, redundancy } = await world.care.watched(instance.id);
    const wait = (says: string) => waiting(says, WATCHED_WITHIN_SECONDS);
    if (lookedAt === undefined) return wait("nobody has looked yet");
    if (!isUp) return wait(`not seen up yet: see ${instance.url} and sla status`);
    if (beatAt === undefined) return wait("no heartbeat yet: see sla status");
    if (instance.standby !== undefined && redundancy !== "streaming") {
      return wait(`the standby is ${redundancy}`);
    }
    return done(`up, heartbeat of ${beatAt}`);
  },
};

/** A first backup in every place that was sold. */
export const backupsStep: Step = {
  name: "backups",
  async look({ instance, plan, world }) {
    if (!plan.backups) return done("none are sold");
    const places = await world.care.backups(instance.id);
    const open = places.filter(({ has }) => !has).map(({ place }) => place);
    return open.length === 0
      ? done(`in ${places.map(({ place }) => place).join(", ")}`)
      : waiting(
          `none yet in ${open.join(", ")}: sla backups ${instance.id}`,
          BACKED_UP_WITHIN_SECONDS,
        );
  },
};
