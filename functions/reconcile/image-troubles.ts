import type { Trouble } from "./contract.ts";

type OfKind<T> = Readonly<Record<string, T>>;

/** What a trouble is called that is over; those of backups do for the others. */
export const IMAGE_WORDS: OfKind<string> = {
  "backup-late": "late with its image",
  "backups-stopped": "without new images",
  "copy-late": "late with a copy of an image",
  "deletions-held": "waiting for leave to delete images",
  "place-silent": "silent about the images it holds",
  "tags-lost": "in possession of images without tags",
  stranger: "in possession of images that no plan wants there",
  "restore-test-failed": "failing the test of an image",
  refused: "refused by EC2",
};

const look = ({ instance }: Trouble) => `npx sla backups ${instance} --now`;

/** What it means, and what to type; advice about backups does for the others. */
export const IMAGE_ADVICE: OfKind<(trouble: Trouble) => readonly string[]> = {
  "backup-late": (trouble) => [
    "Every pass asks for it again. Is the machine there that the fleet names? What each place has, and what EC2 says:",
    look(trouble),
  ],
  "backups-stopped": (trouble) => [
    "The versions that are there stay until another arrives. What each place still has:",
    look(trouble),
  ],
  "tags-lost": (trouble) => [
    "If it is an image of ours, give it and its snapshots their tags back (the runbook lists them); else give it another name.",
    look(trouble),
  ],
  stranger: () => [
    "Deregister it by hand once nobody needs it, or put what is missing back into the fleet.",
  ],
  "restore-test-failed": (trouble) => [
    "A machine that was started from it did not come up, or could not be started. It is tried again every day; the last image that was proven stays until then. What was found:",
    `npx sla restore-test ${trouble.instance} --image --last`,
  ],
  refused: (trouble) => [
    "EC2 says why, and is asked again by every pass. What is missing until then:",
    look(trouble),
  ],
};
