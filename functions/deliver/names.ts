import { type DumpedWith, dumpOf } from "../../lib/sla/dump-formats.ts";

interface Taken {
  /** ISO 8601: instant of the data. */
  readonly takenAt: string;
}

/** `acme-2026-11-22T030000Z`: how all begins that is of one backup. */
const stemOf = (instance: string, { takenAt }: Taken): string =>
  `${instance}-${new Date(takenAt).toISOString().slice(0, 19).replaceAll(":", "")}Z`;

/** `acme-2026-11-22T030000Z.dump.age`, of MariaDB and MySQL `.sql.gz.age`: what a dump is called at a destination. */
export const fileOf = (instance: string, dump: Taken & DumpedWith): string =>
  `${stemOf(instance, dump)}.${dumpOf(dump).suffix}.age`;

/** `acme-2026-11-22T030000Z.files.tar.age`: the files that belong to it. */
export const archiveOf = (instance: string, dump: Taken): string =>
  `${stemOf(instance, dump)}.files.tar.age`;

/** Says beside it what is in it. */
export const manifestOf = (file: string): string => `${file}.json`;

/** What a file is called until all of it has come. */
export const partOf = (name: string): string => `${name}.part`;

/** Begins every name of an instance; names of another may begin so, too. */
export const beginningOf = (instance: string): string => `${instance}-`;

/** Whether it is what an upload of this instance has left that broke off. Whatever else lies there is not ours to touch. */
export const isLeftOver = (instance: string, name: string): boolean =>
  name.startsWith(beginningOf(instance)) &&
  /^\d{4}-\d{2}-\d{2}T\d{6}Z\.(dump|sql\.gz|files\.tar)\.age(\.json)?\.part$/.test(
    name.slice(beginningOf(instance).length),
  );
