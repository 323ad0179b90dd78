import { type EC2Client, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import { answered } from "./cloud-errors.ts";

type Found =
  | { readonly kind: "machine"; readonly machine: string }
  | { readonly kind: "none"; readonly said: string };

/** The one machine that the fleet calls so, by its id or by a tag that only it has. */
export async function machineOf(client: EC2Client, called: string): Promise<Found> {
  const [key = "", ...value] = called.split("=");
  const own = called.startsWith("i-")
    ? { Name: "instance-id", Values: [called] }
    : { Name: `tag:${key}`, Values: [value.join("=")] };
  const pages = await answered(
    `look for the machine ${called}`,
    Array.fromAsync(
      paginateDescribeInstances(
        { client },
        { Filters: [own, { Name: "instance-state-name", Values: THERE }] },
      ),
    ),
  );
  const ids = pages.flatMap(({ Reservations = [] }) =>
    Reservations.flatMap(({ Instances = [] }) =>
      Instances.flatMap(({ InstanceId }) => InstanceId ?? []),
    ),
  );
  const [machine, ...others] = ids;
  if (machine === undefined) return { kind: "none", said: `no machine is ${called}` };
  if (others.length === 0) return { kind: "machine", machine };
  const said = `${called} is ${ids.length} machines (${ids.slice(0, 3).join(", ")}): name one by its id, or give it a tag of its own`;
  return { kind: "none", said };
}

/** Of others no image can be made. */
const THERE = ["running", "stopping", "stopped"];
