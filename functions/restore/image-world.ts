import type { Clock } from "../kernel/clock.ts";
import type { TestImages, TestMachines, TestTerminating } from "./image-ports.ts";
import type { Here } from "./world.ts";

export interface BootWorld extends Here {
  readonly images: TestImages;
  readonly machines: TestMachines;
}

export interface TerminateWorld {
  readonly clock: Clock;
  readonly machines: TestTerminating;
}
