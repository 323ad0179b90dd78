import fc from "fast-check";
import { expect, it } from "vitest";
import { filestoresApart } from "../../../lib/fleet/filestores.ts";
import { filestoreOf } from "../../../lib/sla/backups/filestore.ts";
import { instance } from "../../fakes/fleet.ts";

const folder = fc.constantFrom("a", "ab", "b", "a/b", "a/bc", "ab/a", "");
const address = fc
  .tuple(fc.constantFrom("one", "two"), folder)
  .map(([bucket, path]) => `s3://${bucket}/${path}`);

it("any filestore that another one holds is found, and none that is only named alike", () => {
  const law = fc.property(fc.array(address, { maxLength: 12 }), (addresses) => {
    const instances = addresses.map((filestore, index) => ({
      index,
      instance: instance(`i${index}`, { filestore }),
      doubtful: new Set<string>(),
    }));
    const found = filestoresApart({ plans: {}, planNames: [], topKeys: [], instances });
    const roots = addresses.map((each) => {
      const { bucket, prefix } = filestoreOf(each);
      return `${bucket}/${prefix}`;
    });
    const isFree = roots.every((root, index) =>
      roots.every((other, place) => place === index || !root.startsWith(other)),
    );
    expect(found.length === 0).toBe(isFree);
    const named = new Set(found.map(({ path }) => Number(path[1])));
    const left = roots.filter((_, index) => !named.has(index));
    for (const [index, root] of left.entries()) {
      expect(left.some((other, place) => place !== index && root.startsWith(other))).toBe(false);
    }
  });
  fc.assert(law, { numRuns: 500 });
});
