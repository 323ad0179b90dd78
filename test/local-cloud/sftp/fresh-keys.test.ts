import ssh2 from "ssh2";
import { expect, it } from "vitest";
import { freshKeys } from "../../../lib/local-cloud/sftp/fresh-keys.ts";

// Of so many that ssh2 makes by itself, all can be read once in a thousand runs.
it("makes keys that can be read, each of them", () => {
  for (let made = 0; made < 1800; made += 1) {
    for (const key of Object.values(freshKeys())) {
      expect(ssh2.utils.parseKey(key)).not.toBeInstanceOf(Error);
    }
  }
});
