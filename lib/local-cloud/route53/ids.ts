import { randomBytes } from "node:crypto";

/** Ids as Route 53 makes them: a letter and twenty more characters. */
export const newId = (letter: "Z" | "C") => letter + randomBytes(10).toString("hex").toUpperCase();
