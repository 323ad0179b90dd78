import { done, type Step, stuck } from "./step.ts";

/** Whether the fleet that looks after it is there yet. */
export const deployedStep: Step = {
  name: "deployed",
  async look({ instance: { id }, world }) {
    const roles = await world.care.roles(id);
    if (!roles) return { is: "next", says: "npm run deploy, then the same command goes on" };
    return roles.leftAt === undefined
      ? done(`the ledgers know ${id}`)
      : stuck({
          says: `${id} has left at ${roles.leftAt}: nobody looks after it`,
          mend: `npx sla leave ${id} --undo --reason '…' --yes`,
        });
  },
};
