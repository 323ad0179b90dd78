/** Errors of MariaDB and MySQL by their numbers, as text: the same in both, but for what one of them lacks. */
export const ERRORS = {
  accessDenied: "1045",
  unknownDatabase: "1049",
  serverShutdown: "1053",
  notUnderstood: "1064",
  normalShutdown: "1077",
  noSuchThread: "1094",
  tableDenied: "1142",
  noSuchTable: "1146",
  /** To run a procedure. */
  executeDenied: "1370",
  noBinaryLog: "1381",
  /** MariaDB. */
  connectionKilled: "1927",
  /** MySQL. */
  sessionKilled: "3169",
  idleTooLong: "4031",
  /** By the limit of a session. MariaDB. */
  tookTooLong: "1969",
  /** MySQL. */
  readTooLong: "3024",
} as const;

/** The server has read what cannot be, or lacks it. */
export const DAMAGE: ReadonlySet<string> = new Set([
  // Handlers of tables, files of keys, crashed tables.
  ...["1030", "1034", "1035", "1194", "1195"],
  // Indexes, InnoDB itself, tablespaces that are gone or empty.
  ...["1712", "1812", "1814", "1815", "1877", "1932"],
]);
