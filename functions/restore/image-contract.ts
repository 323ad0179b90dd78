/** Deterministic name, in every site that sells it, of the machine that starts a machine from an image and sees that it comes up. */
export const IMAGE_TEST_MACHINE = "sla-image-test";

/** Starts machines from images, sees whether they come up, and tags images with what came of it. */
export const BOOT_FUNCTION = "sla-image-boot";
/** Ends what was started for a test, and nothing else; every two hours also what a crash has left. */
export const TERMINATE_FUNCTION = "sla-image-terminate";

/** Plan seconds that a machine has to come up: a disk is filled from its snapshot as it is read. */
export const BOOT_SECONDS = 3600;
/** Plan seconds after which a test gives up and ends what it has started. */
export const IMAGE_TEST_SECONDS = 2 * 3600;
/** Plan seconds after which whoever finds such a machine ends it. */
export const IMAGE_ORPHAN_SECONDS = 4 * 3600;

/** At once in a region: they count against its quota of processors. */
export const IMAGE_TESTS_AT_ONCE = 2;

/** By architecture. Small and cheap: it has to come up, not to serve. */
export const TEST_TYPES: Readonly<Record<string, string>> = {
  x86_64: "t3.medium",
  arm64: "t4g.medium",
};

interface ImageTestState {
  readonly state: string;
  readonly step: string;
  readonly by: "boot" | "terminate";
  readonly everySeconds: number;
}

/** The machine, in order. A step that answers `NotYet` is asked again after `everySeconds`. */
export const IMAGE_TEST_STEPS = [
  { state: "Pick", step: "pick", by: "boot", everySeconds: 60 },
  { state: "Launch", step: "launch", by: "boot", everySeconds: 60 },
  { state: "ComesUp", step: "comes-up", by: "boot", everySeconds: 30 },
] as const satisfies readonly ImageTestState[];

/** Where it goes whatever happened: nothing is left behind, and what was found is kept. */
export const IMAGE_TEST_ENDS = [
  { state: "Terminate", step: "terminate", by: "terminate", everySeconds: 30 },
  { state: "Record", step: "record", by: "boot", everySeconds: 60 },
] as const satisfies readonly ImageTestState[];

export type ImageTestStep =
  | (typeof IMAGE_TEST_STEPS)[number]["step"]
  | (typeof IMAGE_TEST_ENDS)[number]["step"];

/** `image-tests/<instance>/<test>.json`: instants ISO 8601, durations in seconds. */
export interface ImageTestRecord {
  readonly instance: string;
  readonly test: string;
  readonly image: string;
  readonly region: string;
  readonly trigger: "schedule" | "person";
  readonly ok: boolean;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Of its disks. */
  readonly takenAt?: string;
  /** EC2's id of what was started. */
  readonly machine?: string;
  /** From the request to EC2 until both of its status checks were passed. */
  readonly bootSeconds?: number;
  readonly failure?: { readonly code: string; readonly message: string };
}
