import { bare } from "../dns/zone-source.ts";

/** Route 53 writes everything but these as `\` and three octal digits: `*.a` is listed as `\052.a.`. */
const PLAIN = /[a-z0-9\-_.]/;
const OCTAL = /\\([0-7]{3})/g;

const unescaped = (name: string) =>
  name.replace(OCTAL, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** The spelling Route 53 stores and lists: lower case, escaped, with the final dot. */
export function canonical(name: string): string {
  const escaped = [...bare(unescaped(name))].map((char) =>
    PLAIN.test(char) ? char : `\\${(char.codePointAt(0) ?? 0).toString(8).padStart(3, "0")}`,
  );
  return `${escaped.join("")}.`;
}

/** The spelling the DNS server asks for: `*` as it is, no final dot. */
export const dnsName = (name: string) => bare(unescaped(name));

/** Labels from the right, the order in which Route 53 lists: `a.example.ch.` → `ch.example.a.`. */
export const reversed = (name: string) => `${bare(name).split(".").reverse().join(".")}.`;

/** Whether a canonical name is the zone's own or below it. */
export const isWithin = (name: string, zone: string) => name === zone || name.endsWith(`.${zone}`);

/** `/hostedzone/Z1` and `Z1` name the same thing. */
export const lastSegment = (id: string) => id.slice(id.lastIndexOf("/") + 1);

/** Labels of 1–63 characters, 255 in all (RFC 1035). */
export const isDomainName = (name: string) => {
  const plain = dnsName(name);
  return plain.length <= 253 && plain.split(".").every((label) => /^[!-~]{1,63}$/.test(label));
};
