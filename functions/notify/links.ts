import { type Approval, linkPath, type Seal } from "../approval/contract.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Notice } from "./contract.ts";

/** Links to answer with, for one recipient of one notice; none for a notice that asks nothing. */
export interface Links {
  of(notice: Notice, recipient: string): Promise<readonly string[]>;
}

/**
 * Made only here, on their way into a mail: what is handed to `notify` is kept in queues when it fails, and
 * no secret may lie there. `url`: of the page; undefined where the region serves none.
 */
export const approvalLinks = (ledger: Ledger, url: string | undefined): Links => ({
  async of({ kind, instance, occasion }, recipient) {
    if (kind !== "approval-wanted" || url === undefined || occasion === undefined) return [];
    const [approval, seal] = await Promise.all([
      ledger.read<Approval>(keys.approval(instance, occasion)),
      ledger.read<Seal>(keys.seal(instance, occasion)),
    ]);
    const asked = approval?.value.asked.indexOf(recipient) ?? -1;
    if (!approval || !seal || asked < 0) return [];
    const link = (action: "approve" | "refuse") =>
      new URL(linkPath(seal.value, approval.value, action, asked), url).href;
    return [
      "Or by a link of your own. It opens a page that asks once more; do not pass it on:",
      `approve: ${link("approve")}`,
      `refuse: ${link("refuse")}`,
    ];
  },
});
