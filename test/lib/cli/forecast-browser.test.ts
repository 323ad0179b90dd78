import { pagesFit } from "../drill/fitting-pages.ts";
import { pageOf } from "./forecast-pages.ts";

pagesFit("the page in a real browser", {
  pages: {
    "rotation.html": () => pageOf({ miss: ["2026-10-02"] }),
    "schedules.html": () => pageOf({ plan: "cloudpepper-high", days: 120 }),
  },
  looksAt: "landmark-one-main",
});
