import { pagesFit } from "../drill/fitting-pages.ts";
import { fleetOf, pageOf } from "./shown.ts";

pagesFit("the pages in a real browser", {
  // German has the longest words; what people call themselves may be longer.
  pages: {
    "acme.html": () => pageOf("de", { provider: "M".repeat(500) }),
    "index.html": () => fleetOf("id"),
  },
  looksAt: "html-has-lang",
});
