import type { FreshStage } from "../sla/backups/fresh-stage.ts";

type Of<Kind extends FreshStage["kind"]> = Extract<FreshStage, { readonly kind: Kind }>;
type Words = {
  readonly [Kind in FreshStage["kind"]]: (
    stage: Of<Kind>,
    region: string,
  ) => { readonly state: string; readonly words: string };
};

const WORDS: Words = {
  wanted: () => ({ state: "Ask", words: "a backup of it has to be taken" }),
  taking: ({ backup: { id, region } }) => ({
    state: "Take",
    words: `${id} is being taken in ${region}`,
  }),
  taken: ({ backup: { id, takenMs } }, region) => ({
    state: "Copy",
    words: `${id}, data of ${new Date(takenMs).toISOString()}, has to be copied to ${region}`,
  }),
  copying: ({ backup: { id, region } }) => ({
    state: "Copy",
    words: `${id} is being copied to ${region}`,
  }),
  there: ({ backup: { id, region } }) => ({
    state: "Restore",
    words: `${id} lies in ${region} and is restored there once no other restore test of it goes on`,
  }),
  testing: ({ backup: { id, region } }) => ({
    state: "Restore",
    words: `${id} is being restored in ${region}, to be proven and dumped`,
  }),
  frozen: ({ backup: { id } }) => ({ state: "Done", words: `${id} is proven and dumped` }),
  refuted: ({ backup: { id } }) => ({ state: "Failed", words: `${id} could not be dumped` }),
  "given-up": () => ({ state: "Failed", words: "it was given up" }),
};

/** Where a dump of now stands, for a person. */
export function freshWords(stage: FreshStage, region: string) {
  const say = WORDS[stage.kind] as (
    stage: FreshStage,
    region: string,
  ) => ReturnType<Words["wanted"]>;
  return say(stage, region);
}
