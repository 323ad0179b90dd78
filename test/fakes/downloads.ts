import type { Desk, UrlRequest } from "../../functions/download/answer.ts";
import {
  type Download,
  type DownloadLink,
  linkId,
  sealOf,
  tokenOf,
} from "../../functions/download/contract.ts";
import { fetchBook } from "../../functions/download/fetches.ts";
import type { Signed, Signer } from "../../functions/download/ports.ts";
import { keys } from "../../functions/ledger/contract.ts";

export const TOKEN = tokenOf("acme", Buffer.alloc(32, 7));
export const OTHER_TOKEN = tokenOf("birch", Buffer.alloc(32, 8));
export const FILE = "acme-2026-11-22T1400Z.dump";

export const keyOf = (instance: string, backup = `sla-${instance}-1`) =>
  `${instance}/${backup}/${"ab".repeat(16)}/database.dump`;

/** As it was made: sealed with its token. */
export function linkOf(token: string, changes: Partial<Download> = {}): DownloadLink {
  const [instance = ""] = token.split(".");
  const download: Download = {
    ...{ instance, backup: `sla-${instance}-1`, key: keyOf(instance) },
    ...{ takenAt: "2026-11-22T14:00:30.000Z", until: "2026-11-29T15:00:00.000Z" },
    ...changes,
  };
  const facts = { ...download, bytes: 7_340_032, sha256: "cd".repeat(32) };
  return {
    ...facts,
    ...{ madeAt: "2026-11-22T15:00:00.000Z", by: "arn:aws:iam::111111111111:user/ops" },
    seal: sealOf(token, facts),
  };
}

export const keyOfLink = (token: string) => keys.link(token.split(".")[0] ?? "", linkId(token));

let requests = 0;

/** As a function URL hands it over. */
export const requestTo = (rawPath: string, method = "GET"): UrlRequest => ({
  rawPath,
  requestContext: {
    requestId: `request-${++requests}`,
    http: { method, sourceIp: "192.0.2.7", userAgent: "curl/8.5\r\nx: y" },
  },
});

/** Says what it was asked to sign. */
export class FakeSigner implements Signer {
  readonly signed: string[] = [];

  async sign(method: "GET" | "HEAD", { key, versionId, file }: Signed): Promise<string> {
    const version = versionId === undefined ? "" : ` @${versionId}`;
    this.signed.push(`${method} ${key} ${file}${version}`);
    return `https://bucket.example/${key}?for=${method}`;
  }
}

/** A container of the function that answers clicks. */
export function clickDesk(
  at: Pick<Desk, "ledger" | "clock">,
  signer = new FakeSigner(),
  files = new FakeSigner(),
): Desk {
  return { ...at, signer, files, note: fetchBook(at.ledger) };
}
