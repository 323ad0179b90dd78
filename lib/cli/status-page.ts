import { writeFileSync } from "node:fs";
import { STATUS_SECRET } from "../../functions/status/contract.ts";
import type { Access } from "../operator/access.ts";
import type { PageLink } from "../operator/status-page.ts";
import { say } from "./say.ts";
import { UserError } from "./user-error.ts";

/** Writes one page as a file. Throws UserError where that cannot be. */
export async function writePage(
  access: Access,
  file: string,
  { of, provider }: { readonly of?: string | undefined; readonly provider?: true | undefined },
): Promise<void> {
  const { pageNow, providersPage } = await import("../operator/status-page.ts");
  const page = await (provider ? providersPage(access) : pageNow(access, of));
  try {
    writeFileSync(file, page);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError(
      `--html: cannot write ${file} (${code}): name a file in a directory of yours`,
      2,
      { cause },
    );
  }
  say(`written: ${file}`);
}

/** Says where all pages are read. */
export async function sayLinks(access: Access, json: boolean): Promise<void> {
  const [{ pageLinks }, { secretsHere }] = await Promise.all([
    import("../operator/status-page.ts"),
    import("../../functions/aws/secrets.ts"),
  ]);
  const secrets = secretsHere(access.clock, access.fleet.control);
  const links = await pageLinks(access, () => secrets.read(STATUS_SECRET));
  if (json) return say(JSON.stringify({ pages: links }));
  say(...links.flatMap(linkLines));
}

/** An address is longer than a line, and is copied whole. */
const linkLines = ({ customer, instances, url }: PageLink): readonly string[] => [
  customer === undefined ? "everybody" : `${customer}: ${instances.join(", ")}`,
  `  ${url}`,
];
