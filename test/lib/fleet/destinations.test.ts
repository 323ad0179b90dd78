import { readFileSync } from "node:fs";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, it } from "vitest";
import { parseFleet } from "../../../lib/fleet/parse.ts";
import { FleetError } from "../../../lib/fleet/problem.ts";

const EXAMPLE = readFileSync("examples/fleet.yaml", "utf8");
const RECIPIENT = await identityToRecipient(await generateX25519Identity());
const HOST_KEY = `SHA256:${"Ab3+/".repeat(8)}xyz`;
const NEXT_KEY = `SHA256:${"Zz9+/".repeat(8)}abc`;
const SFTP = `{ kind: sftp, host: backup.cedar.example, path: /backups, hostKey: "${HOST_KEY}", secret: cedar/destination }`;
const FILED = `${EXAMPLE.replace("id: cedar\n    plan: odoo", "id: cedar\n    plan: filed")}
plans:
  filed: { extends: odoo, backups: { contents: [database, filestore] } }
`;
const S3 = "{ kind: s3, bucket: cedar-backups, region: eu-west-3, secret: cedar/destination }";

/** The example, in which cedar has this destination. */
const withIt = (destination: string, text = EXAMPLE) =>
  text.replace("    filestore: s3://cedar-filestore", `    destination: ${destination}\n$&`);
const cedarOf = (text: string) =>
  parseFleet(text, "fleet.yaml").instances.find(({ id }) => id === "cedar");

function problemOf(text: string): string {
  try {
    parseFleet(text, "fleet.yaml");
    return "";
  } catch (cause) {
    if (!(cause instanceof FleetError)) throw cause;
    expect(cause.problems).toHaveLength(1);
    return cause.message;
  }
}

describe("a destination", () => {
  it("is read with what nobody writes filled in", () => {
    expect(cedarOf(withIt(SFTP))?.destination).toEqual({
      ...{ kind: "sftp", host: "backup.cedar.example", port: 22, path: "/backups" },
      ...{ hostKey: [HOST_KEY], secret: "cedar/destination" },
    });
    expect(cedarOf(withIt(S3))?.destination).toMatchObject({ prefix: "" });
  });

  it("may be a server of several keys, as every server is while it gets a new one", () => {
    const two = SFTP.replace(/hostKey: "[^"]*"/, `hostKey: ["${HOST_KEY}", "${NEXT_KEY}"]`);
    expect(cedarOf(withIt(two))?.destination).toMatchObject({ hostKey: [HOST_KEY, NEXT_KEY] });
  });

  it("may want the files of a dump, where the plan and the instance have some", () => {
    const wanting = S3.replace("}", ", files: true }");
    expect(cedarOf(withIt(wanting, FILED))?.destination).toMatchObject({ files: true });
    expect(problemOf(withIt(wanting))).toMatch(
      /files: there are none to be sent: the plan 'odoo' backs up no filestore/,
    );
  });

  it("may name a key and how much is kept", () => {
    const more = `recipient: ${RECIPIENT}, every: 1d, keep: { newest: 14 }, prefix: odoo/cedar/ }`;
    expect(cedarOf(withIt(S3.replace("}", `, ${more}`).replace(" ,", ",")))?.destination).toEqual({
      ...{ kind: "s3", bucket: "cedar-backups", region: "eu-west-3", prefix: "odoo/cedar/" },
      ...{ secret: "cedar/destination", recipient: RECIPIENT, every: "1d", keep: { newest: 14 } },
    });
  });
});

describe("a destination that cannot be right", () => {
  const slip = RECIPIENT.replace(/.$/, (last) => (last === "q" ? "p" : "q"));

  it.each([
    ["no kind", SFTP.replace("kind: sftp, ", ""), /destination.*expected kind: s3 with bucket/],
    [
      "another kind",
      SFTP.replace("kind: sftp", "kind: ftp"),
      /destination.*expected kind: s3 with/,
    ],
    ["a word", "sftp://backup.cedar.example", /destination: .*expected/],
    [
      "no host key",
      SFTP.replace(/hostKey: "[^"]*", /, ""),
      /hostKey: is missing: expected a finger/,
    ],
    ["an MD5 of one", SFTP.replace(HOST_KEY, "MD5:16:27:ac"), /hostKey: 'MD5:.*SHA256:…/],
    ["a host that is none", SFTP.replace("backup.cedar.example", "10.0.0.1:22"), /a DNS name/],
    ["a port that is none", SFTP.replace("path:", "port: 70000, path:"), /from 1 to 65535/],
    ["a path from nowhere", SFTP.replace("/backups", "backups"), /a directory, like/],
    ["a prefix without its slash", S3.replace("}", ", prefix: odoo }"), /a slash at its end/],
    ["a slip in the key", S3.replace("}", `, recipient: ${slip} }`), /a public key of age/],
    ["a secret key", S3.replace("}", ", recipient: AGE-SECRET-KEY-1QQ }"), /a public key of age/],
    [
      "a dump an hour",
      S3.replace("}", ", every: 1h }"),
      /every: '1h': expected 3h, 6h, 12h, or 1d to 7d/,
    ],
    [
      "more dumps than backups",
      S3.replace("}", ", every: 6h }"),
      /every: '6h' is too often: its plan takes a backup only every 25 hours, so there would be nothing new/,
    ],
    ["no host key at all", SFTP.replace(/hostKey: "[^"]*"/, "hostKey: []"), /hostKey: .*expected/],
    ["nothing kept", S3.replace("}", ", keep: { newest: 0 } }"), /from 1 to 1000/],
    ["a key of the other kind", S3.replace("}", ", hostkey: x }"), /unknown key/],
    [
      "a bucket of ours",
      S3.replace("cedar-backups", "sla-files-111111111111-x"),
      /of this product/,
    ],
  ])("%s", (_what, destination, message) => {
    expect(problemOf(withIt(destination))).toMatch(message);
  });

  it("because nothing is frozen", () => {
    const text = withIt(SFTP, EXAMPLE.replace(/^frozen: .*\n/m, "")).replace(
      "plan: odoo",
      "plan: cloudworkz",
    );
    expect(() => parseFleet(text, "fleet.yaml")).toThrow(
      /instances\[2\]\.destination: has nothing to be sent there: add frozen: \{ account/,
    );
  });

  it("because no copy lies where dumps are made", () => {
    const text = withIt(SFTP).replace(
      "copies: [eu-central-2, eu-west-1]",
      "copies: [eu-central-2]",
    );
    expect(() => parseFleet(text, "fleet.yaml")).toThrow(
      /instances\[2\]\.destination: has nothing to be sent there: name eu-west-1/,
    );
  });
});
