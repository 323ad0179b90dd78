import { z } from "zod";
import { NOTICES } from "../sla/notices.ts";
import { SEVERITY_ORDER } from "../sla/severity.ts";
import { oneOf, text } from "./scalars.ts";

const URL_WANTED =
  "an https URL without credentials and fragment; http only on a loopback address, for the local cloud";

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

function isHookAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password, hash, hostname } = new URL(address);
  if (username !== "" || password !== "" || hash !== "") return false;
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}

export const webhookSchema = z.strictObject({
  name: text("a name in lower case, like pager", /^[a-z][a-z0-9-]{0,39}$/).describe(
    "Names it in the ledger: keep it when the address changes",
  ),
  url: z.string({ error: URL_WANTED }).refine(isHookAddress, { error: URL_WANTED }),
  secret: text("the name of a secret", /^[\w/+=.@-]{1,505}$/).describe(
    "In Secrets Manager, in every site: what requests are signed with",
  ),
  severities: z
    .array(oneOf(SEVERITY_ORDER))
    .min(1, { error: "at least one severity, or leave it out for all" })
    .exactOptional(),
  events: z
    .array(oneOf(NOTICES))
    .min(1, { error: "at least one event, or leave it out for all" })
    .exactOptional(),
});
