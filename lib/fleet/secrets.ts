import { loginsOf } from "../sla/recovery-needs.ts";
import { secretsFit } from "../sla/secret-patterns.ts";
import type { Draft } from "./draft.ts";
import type { Mistake } from "./mistake.ts";

/** Policies hold a few names of secrets, or many that lie in one folder or end alike. */
export function secretsAlike({ instances, sites = {} }: Draft): readonly Mistake[] {
  const sound = instances.filter(({ doubtful }) => !doubtful.has("database"));
  const all = sound.flatMap(({ instance }) => loginsOf(instance));
  if (secretsFit(all, Object.keys(sites).length)) return [];
  const sofar: string[] = [];
  for (const { index, instance } of sound) {
    sofar.push(...loginsOf(instance));
    if (secretsFit(sofar, Object.keys(sites).length)) continue;
    const { secret } = instance.database;
    return [
      {
        path: ["instances", index, "database", "secret"],
        message: `'${secret}' is one name too many for the policies of IAM: expected names in one folder or with one ending, like ${instance.database.primary}/sla, as soon as there are more than a few`,
      },
    ];
  }
  return [];
}
