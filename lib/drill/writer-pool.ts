import type { ChildProcess } from "node:child_process";
import { endChild, startChild } from "./children.ts";
import type {
  Acknowledgement,
  WriterOrder,
  WriterReport,
  WriterTarget,
} from "./processes/writers.ts";

/** Rows of one client are numbered from here on. */
const RANGE = 100_000_000;

/** The drill's database clients, in a process of their own, and what was acknowledged to them. */
export class WriterPool {
  readonly #child: ChildProcess;
  readonly #rows = new Map<string, Acknowledgement[]>();
  #clients = 0;
  #stopped: Promise<void> | undefined;

  constructor(environment: Readonly<Record<string, string>>, onStart: (pid: number) => void) {
    this.#child = startChild("writers", environment, onStart);
    this.#child.on("message", (report: WriterReport) => {
      if (report.kind === "acknowledged") for (const row of report.rows) this.#keep(row);
    });
  }

  write(target: Omit<WriterTarget, "firstId">): void {
    this.#clients += 1;
    this.#send({ kind: "write", target: { ...target, firstId: this.#clients * RANGE } });
  }

  acknowledged(instance: string): readonly Acknowledgement[] {
    return this.#rows.get(instance) ?? [];
  }

  /** Ends all clients once their open statements are settled; every acknowledgement has arrived then. */
  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    const settled = new Promise<void>((done) => {
      this.#child.on("message", (report: WriterReport) => report.kind === "stopped" && done());
      this.#child.once("exit", () => done());
    });
    this.#send({ kind: "stop" });
    await settled;
    await endChild(this.#child);
  }

  #send(order: WriterOrder): void {
    if (this.#child.connected) this.#child.send(order);
  }

  #keep(row: Acknowledgement): void {
    const rows = this.#rows.get(row.instance);
    if (rows) rows.push(row);
    else this.#rows.set(row.instance, [row]);
  }
}
