import { FILES_FUNCTION } from "../files/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import type { BackupAnswer } from "../reconcile/contract.ts";
import type { Hands } from "../reconcile/ports.ts";
import { REPLICATE_FUNCTION } from "../replicate/contract.ts";
import { RESTORE_FUNCTION } from "../restore/contract.ts";
import { BOOT_FUNCTION } from "../restore/image-contract.ts";
import { SHIP_FUNCTION } from "../ship/contract.ts";
import { IMAGE_FUNCTIONS, ROTATE_FUNCTION, SNAPSHOT_FUNCTION } from "../snapshot/contract.ts";
import { lambdaCalls, lambdaEvents } from "./lambda-call.ts";

/** Each works off a whole list of calls to RDS. */
const ANSWER_SECONDS = 240;

/** The functions of the own region that take, copy and delete, test, bring files, and have logs replicated. */
export function backupHands(clock: Clock, region: string): Hands {
  const call = lambdaCalls(clock, { answerSeconds: ANSWER_SECONDS, answerFloorMs: 20_000 });
  const hand = lambdaEvents(clock);
  return {
    take: (request) => call<BackupAnswer>(region, SNAPSHOT_FUNCTION, request),
    rotate: (request) => call<BackupAnswer>(region, ROTATE_FUNCTION, request),
    replicate: (request) => call<BackupAnswer>(region, REPLICATE_FUNCTION, request),
    files: (request) => hand(FILES_FUNCTION, request),
    test: (request) => call<BackupAnswer>(region, RESTORE_FUNCTION, request),
    ship: (request) => call<BackupAnswer>(region, SHIP_FUNCTION, request),
    images: {
      take: (request) => call<BackupAnswer>(region, IMAGE_FUNCTIONS.take, request),
      copy: (request) => call<BackupAnswer>(region, IMAGE_FUNCTIONS.copy, request),
      rotate: (request) => call<BackupAnswer>(region, IMAGE_FUNCTIONS.rotate, request),
      test: (request) => call<BackupAnswer>(region, BOOT_FUNCTION, request),
    },
  };
}
