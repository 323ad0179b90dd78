import type { SftpDestination } from "../../lib/sla/fleet.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Fault } from "./contract.ts";

type Done<T> = (cause: Error | null | undefined, value?: T) => void;

/** One question to the server; rejects with what its answer means. `doing` names it. Passes on what is thrown at once. */
export type Call = <T>(doing: string, ask: (done: Done<T>) => void) => Promise<T>;

/** Codes of SFTP: https://datatracker.ietf.org/doc/html/draft-ietf-secsh-filexfer-02#section-7, and two of later drafts. */
const MEANINGS: Readonly<Record<number, Fault>> = {
  2: "DestinationMissing",
  3: "DestinationDenied",
  6: "DestinationUnreachable",
  7: "DestinationUnreachable",
  14: "DestinationFull",
  15: "DestinationFull",
};

export function sftpCalls({ host, port, path }: SftpDestination): Call {
  return <T>(doing: string, ask: (done: Done<T>) => void) => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    ask((cause, value) => {
      if (!cause) return resolve(value as T);
      const code = (cause as { readonly code?: unknown }).code;
      const meaning = typeof code === "number" ? (MEANINGS[code] ?? otherwise(doing)) : undefined;
      const said = `${host}:${port} ${path}: ${doing}: ${cause.message}`;
      reject(new SlaError(meaning ?? "DestinationUnreachable", "operator", said, { cause }));
    });
    return promise;
  };
}

/** Servers of today say no more than "Failure" of a disk that is full or a quota that is used up. */
const otherwise = (doing: string): Fault =>
  doing.startsWith("write") ? "DestinationFull" : "DestinationDenied";
