import { describe, expect, it } from "vitest";
import { manifestText } from "../../../functions/deliver/manifest.ts";
import { archiveOf, fileOf, isLeftOver, partOf } from "../../../functions/deliver/names.ts";
import type { FrozenCopy } from "../../../functions/freeze/contract.ts";

const takenAt = "2026-11-22T03:00:00.000Z";
const SUM = "ab".repeat(32);
const COPY: FrozenCopy = {
  ...{ backup: "b1", takenAt, database: "shop", retainUntil: "2027-03-22T04:00:00.000Z" },
  dump: { key: "shop/b1/a1/database.dump", sha256: SUM, bytes: 7 },
  mysql: { server: "8.0.42", dumpedBy: "8.4.6" },
  untransacted: ["`shop`.`log`"],
};
const NAME = "shop-2026-11-22T030000Z.sql.gz.age";

describe("a dump of MySQL at a destination", () => {
  it("is called what it is, and its files as those of all", () => {
    expect(fileOf("shop", COPY)).toBe(NAME);
    expect(archiveOf("shop", COPY)).toBe("shop-2026-11-22T030000Z.files.tar.age");
  });

  it("that broke off is known as ours, and nothing else is", () => {
    expect(isLeftOver("shop", partOf(NAME))).toBe(true);
    for (const name of [NAME, partOf("shop-2026-11-22T030000Z.sql.age"), partOf(`my-${NAME}`)]) {
      expect([name, isLeftOver("shop", name)]).toEqual([name, false]);
    }
  });

  it("has beside it how it is opened and restored", () => {
    const measure = { bytes: 7, sha256: SUM };
    const text = manifestText(COPY, {
      ...{ instance: "shop", backup: "b1", takenAt, name: NAME, deliveredAt: takenAt },
      ...{ plain: measure, encrypted: measure },
    });
    const plain = NAME.replace(".age", "");
    expect(JSON.parse(text)).toMatchObject({
      dump: { format: "mysqldump | gzip", mysql: COPY.mysql, untransacted: COPY.untransacted },
      restore: [
        `echo '${SUM}  ${NAME}' | sha256sum -c`,
        `age -d -o ${plain} ${NAME}`,
        `echo '${SUM}  ${plain}' | sha256sum -c`,
        `gunzip -c ${plain} | mysql`,
      ],
      needs: "age 1.0 or newer; MySQL 8.0 or newer and its client",
    });
    expect(text).not.toMatch(/pg_restore|postgres/);
  });
});
