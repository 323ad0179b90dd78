import { resolve } from "node:path";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { type SftpOptions, startSftp } from "../local-cloud/sftp/server.ts";
import type { Fleet } from "../sla/fleet.ts";
import { inOneLine } from "./in-one-line.ts";
import type { Stage } from "./stage.ts";

/** A customer's SFTP server on this machine. */
export interface RehearsalSftp {
  /** Puts its login where the fleet's destinations that lead to it look for theirs; lines for a person. */
  introduce(stage: Pick<Stage, "fleet" | "estate">): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Throws UserError in one line if its port or directory cannot be had. */
export async function rehearsalSftp(options: SftpOptions): Promise<RehearsalSftp> {
  const directory = resolve(options.directory);
  const server = await inOneLine(() => startSftp({ ...options, directory }));
  const { host, address, port, hostKey, username, password } = server;
  // Without a key of the customer's, dumps open with a passphrase: of a rehearsal it may be the same.
  const login = JSON.stringify({ username, password, passphrase: password });
  const isHere = ({ destination }: Fleet["instances"][number]) =>
    destination?.kind === "sftp" && destination.host === host && destination.port === port;
  return {
    async introduce({ fleet, estate }) {
      const ours = fleet.instances.filter(isHere);
      const region = fleet.frozen?.region;
      const names = new Set(ours.flatMap(({ destination }) => destination?.secret ?? []));
      if (region !== undefined) {
        const secrets = estate.aws.secrets(region);
        for (const Name of names) {
          await secrets.send(new CreateSecretCommand({ Name, SecretString: login }));
        }
      }
      return [
        "",
        `  sftp -P ${port} ${username}@${address}    # password: ${password}`,
        `  what it has been sent lies in ${directory}`,
        ...(ours.length > 0
          ? [`  dumps of ${ours.map(({ id }) => id).join(", ")} go there, one a look`]
          : [
              "  No instance of the fleet sends to it yet. In fleet.yaml, then up again:",
              "",
              "    destination:",
              "      kind: sftp",
              `      host: ${host}`,
              `      port: ${port}`,
              "      path: /",
              `      hostKey: "${hostKey}"`,
              "      secret: rehearsal/destination",
            ]),
      ];
    },
    close: server.close,
  };
}
