// Starts the design system's scripts. Every page works without them.
import { initAll } from "../s11/govuk-frontend.min.js";

initAll();

// A page that is made to be printed may offer a button for it; without scripts the browser's own menu does.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
