import type { Engine } from "./engine.ts";

/** Of the parameter groups that RDS lets a version have: `postgres15`, `mariadb10.11`, `mysql8.0`. */
export function familyOf(version: string, engine: Engine = "postgres"): string {
  const [first = "", second = ""] = version.split(".");
  // Until version 9 two numbers were the major version of PostgreSQL; they still are those of the others.
  const isOne = engine === "postgres" && Number(first) >= 10;
  return `${engine}${isOne ? first : `${first}.${second}`}`;
}
