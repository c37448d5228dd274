// Starts the design system's scripts. Every page works without them.
import { initAll } from "../s11/govuk-frontend.min.js";
import { dropAll, dropOld } from "./unsaved.js";

initAll();

// A page that is made to be printed may offer a button for it; without scripts the browser's own menu does.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A long form asks before one leaves it by another way than its own buttons. It may come with words that are not saved yet.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let isDirty = form.dataset.unsaved === "yes";
  form.addEventListener("input", () => (isDirty = true));
  form.addEventListener("submit", () => (isDirty = false));
  // A form that saves by itself says how it stands.
  form.addEventListener("unsaved", (event) => (isDirty = event.detail));
  window.addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
}

// Whoever is signed in is told before that ends.
for (const box of document.querySelectorAll("[data-session]")) import("./session.js").then(({ watch }) => watch(box));

// Whatever page is opened first, unsaved words that nobody came back for go.
dropOld();

// Whoever signs out leaves nothing behind for the next person at this computer.
for (const form of document.querySelectorAll('form[action$="/accounts/logout/"]')) {
  form.addEventListener("submit", dropAll);
}
