import type { Answer } from "dns-packet";
import { bare } from "./zone-source.ts";

type Parse = (value: string) => unknown;

const words = (value: string) => value.trim().split(/\s+/);
/** `"a" "b"` → `a`, `b`; a quote inside is written `\"`. */
const quoted = (value: string) =>
  [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text.replace(/\\(.)/g, "$1"));

/** Presentation format → what dns-packet encodes, by record type. A type that is absent is not served. */
const PARSERS: Readonly<Record<string, Parse>> = {
  A: (value) => value,
  AAAA: (value) => value,
  CNAME: bare,
  NS: bare,
  PTR: bare,
  TXT: quoted,
  MX: (value) => {
    const [preference, exchange = ""] = words(value);
    return { preference: Number(preference), exchange: bare(exchange) };
  },
  SRV: (value) => {
    const [priority, weight, port, target = ""] = words(value);
    const numbers = { priority: Number(priority), weight: Number(weight), port: Number(port) };
    return { ...numbers, target: bare(target) };
  },
  CAA: (value) => {
    const [flags, tag] = words(value);
    return { flags: Number(flags), tag, value: quoted(value)[0] ?? "" };
  },
  SOA: (value) => {
    const [mname = "", rname = "", serial, refresh, retry, expire, minimum] = words(value);
    const times = { refresh: Number(refresh), retry: Number(retry), expire: Number(expire) };
    return {
      mname: bare(mname),
      rname: bare(rname),
      serial: Number(serial),
      ...times,
      minimum: Number(minimum),
    };
  },
};

/** One wire answer per value. `ttl` is in whole seconds. */
export function wireAnswers(
  name: string,
  type: string,
  ttl: number,
  values: readonly string[],
): Answer[] {
  const parse = PARSERS[type];
  if (!parse) return [];
  return values.map((value) => ({ name, type, ttl, class: "IN", data: parse(value) }) as Answer);
}
