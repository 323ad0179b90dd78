import type { ChangeInfo } from "@aws-sdk/client-route-53";
import { AwsError } from "../wire/service.ts";
import { newId } from "./ids.ts";
import { lastSegment } from "./names.ts";

/** Changes on their way to the name servers: `PENDING`, then `INSYNC`. */
export class Changes {
  readonly #propagationMs: number;
  readonly #infos = new Map<string, ChangeInfo>();

  constructor(propagationMs: number) {
    this.#propagationMs = propagationMs;
  }

  /** `arrive` runs when the change is everywhere; changes arrive in the order they were submitted. */
  submit(comment: string | undefined, arrive: (id: string) => void): ChangeInfo {
    const id = newId("C");
    const info: ChangeInfo = {
      Id: `/change/${id}`,
      Status: "PENDING",
      SubmittedAt: new Date(),
      ...(comment !== undefined && { Comment: comment }),
    };
    this.#infos.set(id, info);
    setTimeout(() => {
      arrive(id);
      this.#infos.set(id, { ...info, Status: "INSYNC" });
    }, this.#propagationMs).unref();
    return info;
  }

  /** Throws `NoSuchChange`. */
  get(id: string | undefined): ChangeInfo {
    const info = this.#infos.get(lastSegment(id ?? ""));
    if (info) return info;
    throw new AwsError(
      "NoSuchChange",
      `A change with the specified change ID does not exist: ${lastSegment(id ?? "")}`,
      404,
    );
  }
}
