// `node peak.ts PROGRAM ARGS…`: runs a program in this process, and says on stderr the most memory that it had.
import { pathToFileURL } from "node:url";

process.on("exit", () => console.error(`peak ${process.resourceUsage().maxRSS} KB`));
process.argv.splice(1, 1);
await import(pathToFileURL(process.argv[1] ?? "").href);
