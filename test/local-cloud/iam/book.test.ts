import { expect, it } from "vitest";
import { PolicyBook } from "../../../lib/local-cloud/iam/book.ts";

const BUCKET = "arn:aws:s3:::ledger";

it("says whose a bucket is as the templates say it now", () => {
  const book = new PolicyBook();
  const say = (account: string) => book.put("bucket", [{ kind: "about", arn: BUCKET, account }]);
  expect(book.about(BUCKET)).toBeUndefined();
  say("111111111111");
  expect(book.about(BUCKET)).toMatchObject({ account: "111111111111" });
  say("222222222222");
  expect(book.about(BUCKET)).toMatchObject({ account: "222222222222" });
  book.remove("bucket");
  expect(book.about(BUCKET)).toBeUndefined();
});
