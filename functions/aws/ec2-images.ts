import {
  EC2Client,
  type Image,
  paginateDescribeImages,
  paginateDescribeSnapshots,
  type Tag,
} from "@aws-sdk/client-ec2";
import { type Listed, nameIn, TAGS, type Tags } from "../../lib/sla/backups/catalogue.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Snapshots } from "../reconcile/ports.ts";
import { clientSettings, perRegion } from "./clients.ts";
import { answered } from "./cloud-errors.ts";

/** A list is read page by page; one page may take its time. */
const SETTINGS = { answerSeconds: 20, answerFloorMs: 10_000 };

/** Images of ours, by name, and what is left of those that are deregistered. */
export function ec2Images(clock: Clock): Snapshots {
  const clients = perRegion(
    (region) => new EC2Client(clientSettings(clock, { ...SETTINGS, region })),
  );
  return {
    list: (region) => imagesIn(clients(region), region),
  };
}

/** Of one instance, or of all. */
export async function imagesIn(
  client: EC2Client,
  region: string,
  instance?: string,
): Promise<readonly Listed[]> {
  const name = instance === undefined ? "sla-*" : `sla-${instance}-*`;
  // Snapshots first: what is made between the two lists has its image in the second one.
  const snapshots = await snapshotsOf(client, region, instance);
  const images = await answered(
    `list the images of ${region}`,
    Array.fromAsync(
      paginateDescribeImages(
        { client, pageSize: 1000 },
        { Owners: ["self"], Filters: [{ Name: "name", Values: [name] }] },
      ),
    ),
  );
  const listed = images.flatMap(({ Images = [] }) =>
    Images.flatMap((each) => shownImages(each, region)),
  );
  return [...listed, ...leftovers(snapshots, listed, region)];
}

/**
 * Of images that are deregistered: they hold nothing that could be started, but a person could make an image of them again. So they are
 * what is left of a deletion only once a newer image is there.
 */
function leftovers(
  snapshots: readonly { readonly tags: Tags }[],
  images: readonly Listed[],
  region: string,
): readonly Listed[] {
  const names = new Set(images.map(({ id }) => id));
  const newest = new Map<string, string>();
  for (const { status, tags } of images) {
    const { [TAGS.instance]: instance = "", [TAGS.tick]: tick = "" } = tags;
    if (status === "available" && tick > (newest.get(instance) ?? "")) newest.set(instance, tick);
  }
  const left = snapshots.flatMap(({ tags }) => {
    const id = nameIn(tags);
    const { [TAGS.instance]: instance = "", [TAGS.tick]: tick = "" } = tags;
    const isSucceeded = tick < (newest.get(instance) ?? "");
    if (id === undefined || names.has(id) || !isSucceeded) return [];
    const isCopy = tags[TAGS.taken] !== undefined;
    return [[id, { id, region, status: "failed", isCopy, isRemains: true, tags }] as const];
  });
  return [...new Map(left).values()];
}

/** What an image was made of, with its tags; EC2 lets it be deleted by itself once its image is gone. */
export async function snapshotsOf(
  client: EC2Client,
  region: string,
  instance?: string,
): Promise<readonly { readonly snapshot: string; readonly tags: Tags }[]> {
  const pages = await answered(
    `list the snapshots of images of ${region}`,
    Array.fromAsync(
      paginateDescribeSnapshots(
        { client, pageSize: 1000 },
        {
          OwnerIds: ["self"],
          Filters: [
            { Name: `tag:${TAGS.managed}`, Values: ["true"] },
            ...(instance === undefined
              ? []
              : [{ Name: `tag:${TAGS.instance}`, Values: [instance] }]),
          ],
        },
      ),
    ),
  );
  return pages.flatMap(({ Snapshots: all = [] }) =>
    all.flatMap(({ SnapshotId: snapshot, Tags: tags = [] }) =>
      snapshot === undefined ? [] : [{ snapshot, tags: tagsOf(tags) }],
    ),
  );
}

/** As backups are spoken of; whatever else is an image in the making, or of no use. */
const STATUSES: Readonly<Record<string, string>> = {
  available: "available",
  failed: "failed",
  error: "failed",
  invalid: "failed",
  deregistered: "deleting",
};

/** An image is of the time at which EC2 was asked for it; of a copy only its tags say when that was. */
export function shownImages(image: Image, region: string): Listed[] {
  const { Name: id, State = "pending", CreationDate, SourceInstanceId, Tags: tagList = [] } = image;
  if (id === undefined) return [];
  const tags = tagsOf(tagList);
  const isCopy = SourceInstanceId === undefined;
  const takenAt = tags[TAGS.taken] ?? (isCopy ? undefined : CreationDate);
  return [
    {
      ...{ id, region, status: STATUSES[State] ?? State, isCopy, tags },
      ...(takenAt !== undefined && { takenAt }),
    },
  ];
}

export const tagsOf = (tags: readonly Tag[]): Tags =>
  Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
