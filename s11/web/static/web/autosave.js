// Saves each card of a long form as it is changed, one request at a time. htmx sends them (the attributes are on the card);
// this file says when, keeps what could not be sent, and tries again. Without it the form's own buttons save as ever.
//
//   <form data-autosave="person:audit" data-person="…">        whose text it is
//     <section id="A1.1" data-card hx-post="…" hx-params="…">  a card; data-card="unsaved" where it came with unsaved words;
//                                                              data-code="P1" where its id is not what people know it by;
//                                                              data-name="Presentation" where that is no word of theirs either
//       <input type="hidden" id="A1.1-version">                what the page was made from, so that the server knows what is stale
//       <… data-state>                                         where the card says how it stands
//
// What became of a request is its X-Outcome header (s11/web/outcomes.py). Nothing here moves focus, scroll or a text that
// is being typed; the buttons of a choice do what they say.
import { drop, keep, recall } from "./unsaved.js";

const PAUSE = 1500; // without a key, before a text is saved
const AFTER_PRESS = 250; // a text that is left by pressing a button: what is said must not push the button away meanwhile
const WAITS = [2, 5, 10, 20, 40, 60]; // seconds before trying again, the last for good
const PATIENCE = 4000; // that a button of the form waits for what is still being sent
const WITH_FRAGMENT = ["saved", "conflict", "choosing", "wrong", "refused"];
const TROUBLES = ["offline", "failed", "signed-out", "somebody-else"];

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

class Card {
  constructor(page, element) {
    this.page = page;
    this.element = element;
    this.code = element.dataset.code ?? element.id;
    this.name = element.dataset.name ?? this.code;
    this.key = `${page.form.dataset.autosave}:${this.code}`;
    this.state = element.querySelector("[data-state]");
    const names = element.getAttribute("hx-params").split(",");
    this.inputs = [...element.querySelectorAll("input, textarea, select")].filter(
      (input) => names.includes(input.name) && input.type !== "hidden",
    );
    this.saved = element.dataset.card === "unsaved" ? null : this.read();
    this.sent = null;
    this.unsure = null; // was sent, and nobody knows whether it arrived
    this.isBusy = false;
    this.isOlder = false; // what was sent last: a text that may have arrived before
    this.outcome = "";
    this.failures = 0;
    this.listen();
    if (this.saved) this.offer();
  }

  listen() {
    const on = (name, act) => this.element.addEventListener(name, act);
    on("input", (event) => this.change(event.target));
    on("focusout", (event) => this.leaveText(event));
    on("click", (event) => this.choose(event));
    on("htmx:configRequest", (event) => event.target === this.element && this.send(event.detail));
    on("htmx:beforeSwap", (event) => this.judge(event.detail));
    on("htmx:afterRequest", (event) => event.target === this.element && this.settle(event.detail.xhr));
  }

  read() {
    const values = {};
    for (const input of this.inputs) {
      const isChoice = input.type === "radio" || input.type === "checkbox";
      values[input.name] ??= "";
      if (!isChoice || input.checked) values[input.name] = input.value;
    }
    return values;
  }

  write(values) {
    for (const input of this.inputs) {
      if (input.type === "radio" || input.type === "checkbox") input.checked = values[input.name] === input.value;
      else input.value = values[input.name] ?? "";
      // The word guide counts at keys.
      input.dispatchEvent(new Event("keyup", { bubbles: true }));
    }
  }

  get isDirty() {
    return !isSame(this.read(), this.saved);
  }

  // Looked up each time: a save puts a new one in its place.
  get version() {
    return document.getElementById(`${this.code}-version`);
  }

  // Somebody else's answer waits beside it: nothing is sent until the person has chosen.
  get theirs() {
    return this.element.querySelector("[data-theirs]");
  }

  get isTroubled() {
    return TROUBLES.includes(this.outcome);
  }

  change(input) {
    if (!this.inputs.includes(input)) return;
    this.remember();
    if (input.matches("textarea, input[type=text]")) this.saveIn(PAUSE);
    else this.save();
  }

  // From the day of a date to its month is no leaving yet.
  leaveText({ target, relatedTarget }) {
    if (!this.inputs.includes(target) || !target.matches("textarea, input[type=text]")) return;
    if (!this.inputs.includes(relatedTarget)) this.saveIn(AFTER_PRESS);
  }

  saveIn(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  remember() {
    if (this.isDirty) keep(this.key, this.read());
    else drop(this.key);
    this.page.tell();
  }

  save() {
    clearTimeout(this.timer);
    if ((!this.isDirty && !this.unsure) || this.theirs) return;
    // Whoever is signed out first needs a new token; without one each try would only fail.
    if (this.outcome === "signed-out" || this.outcome === "somebody-else") this.page.renew(this);
    else htmx.trigger(this.element, "save");
  }

  // htmx is about to send. What may have arrived already goes once more just as it was: else the newer text would meet
  // its own older one as if it were somebody else's.
  send(request) {
    this.sent = this.unsure ?? this.read();
    this.isBusy = true;
    for (const [name, value] of Object.entries(this.sent)) request.parameters[name] = value;
    if (!this.isTroubled) this.say("saving");
  }

  judge(response) {
    const outcome = response.xhr.getResponseHeader("X-Outcome");
    response.shouldSwap = WITH_FRAGMENT.includes(outcome);
    response.isError = false;
  }

  settle(xhr) {
    this.isBusy = false;
    const before = this.outcome;
    this.outcome = xhr.getResponseHeader("X-Outcome") ?? (xhr.status ? "failed" : "offline");
    this.isOlder = this.unsure !== null;
    if (WITH_FRAGMENT.includes(this.outcome)) this.unsure = null;
    else if (this.outcome === "failed" || this.outcome === "offline") this.unsure = this.sent;
    if (this.outcome === "saved") this.settleSaved(before);
    else if (this.outcome === "stale-page") this.settleStale();
    else if (this.isTroubled) this.retry(before);
    else this.page.announce(`${this.theirs?.querySelector("p").textContent ?? ""} ${this.state.textContent}`);
    this.remember();
  }

  settleSaved(before) {
    this.saved = this.sent;
    this.failures = 0;
    for (const done of this.element.querySelectorAll("[data-until-saved]")) done.remove();
    if (before && before !== "saved") this.page.announce(this.page.words("again"));
    else this.page.announceFirst();
    // What was typed while an older text went once more follows at once; whoever is typing still has a pause to come.
    if (this.isOlder) this.save();
    else if (this.isDirty) this.change(this.inputs.at(-1));
  }

  // A browser that keeps no cookies would be given a new one for ever.
  settleStale() {
    this.failures += 1;
    if (this.failures < 3) return this.page.renew(this);
    this.outcome = "failed";
    this.retry("stale-page");
  }

  retry(before) {
    this.say(this.outcome);
    if (before !== this.outcome) this.page.announce(this.state.textContent);
    const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
    this.failures += 1;
    this.saveIn(wait * 1000);
  }

  say(name) {
    this.state.replaceChildren(this.page.copy(`[data-say="${name}"]`));
  }

  choose(event) {
    const kept = event.target.closest("[data-keep]")?.dataset.keep;
    // On a page that came with an error summary the form's own post settles it, and takes the summary away.
    if (!kept || this.element.dataset.card === "unsaved") return;
    event.preventDefault();
    const { theirs } = this;
    this.version.value = theirs.dataset.version;
    if (kept === "mine") {
      this.saved = null;
    } else {
      this.write(JSON.parse(theirs.dataset.theirs));
      this.saved = this.read();
      this.outcome = "";
      this.say("theirs");
    }
    theirs.remove();
    this.remember();
    this.save();
    // The button that had the focus is gone.
    (this.inputs.find((input) => input.checked) ?? this.inputs[0]).focus({ preventScroll: true });
  }

  // Words from an earlier visit that were never saved: theirs to take up or to leave.
  offer() {
    const draft = recall(this.key);
    if (!draft || isSame(draft.values, this.read())) return drop(this.key);
    const panel = this.page.copy("[data-offer]").firstElementChild;
    const fill = (name, text) => panel.querySelectorAll(`[data-${name}]`).forEach((one) => (one.textContent = text));
    fill("when", sayWhen(draft.at));
    fill("code", this.name);
    fill("chosen", this.nameChosen(draft.values));
    panel.querySelector("[data-typed]").append(...this.listLines(draft.values));
    const close = () => {
      panel.remove();
      this.inputs[0].focus({ preventScroll: true });
    };
    panel.querySelector("[data-use]").addEventListener("click", () => {
      this.write(draft.values);
      close();
      this.remember();
      this.save();
    });
    panel.querySelector("[data-discard]").addEventListener("click", () => {
      close();
      this.remember();
    });
    this.state.parentElement.before(panel);
  }

  nameChosen(values) {
    const chosen = this.inputs.filter((input) => input.type === "radio" && values[input.name] === input.value);
    return chosen.map((input) => input.labels[0].textContent.trim()).join(": ");
  }

  listLines(values) {
    const said = (kind) => this.inputs.filter((input) => input.matches(kind)).map((input) => values[input.name] ?? "");
    // A date is three inputs and one line.
    const lines = [said("input[type=text]").join(" ").trim(), ...said("textarea").flatMap((text) => text.split("\n"))];
    return lines.filter((line, place) => place || line).map((line) => {
      const paragraph = document.createElement("p");
      paragraph.className = "govuk-body govuk-!-margin-bottom-1";
      paragraph.textContent = line;
      return paragraph;
    });
  }
}

function sayWhen(milliseconds) {
  const zone = { timeZone: "Europe/London" };
  const day = new Intl.DateTimeFormat("en-GB", { ...zone, day: "numeric", month: "long", year: "numeric" });
  const time = new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit" });
  return `${day.format(milliseconds)} at ${time.format(milliseconds)}`;
}

class Page {
  constructor(form) {
    this.form = form;
    this.announcer = form.querySelector("[data-announcer]");
    this.trouble = form.querySelector("[data-not-saved]");
    this.cards = [...form.querySelectorAll("[data-card]")].map((element) => new Card(this, element));
    // After page.js, which takes every key for an unsaved word.
    form.addEventListener("input", () => this.tell());
    form.addEventListener("submit", (event) => this.leave(event));
    window.addEventListener("online", () => this.tryAgain());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.tryAgain());
    this.tell();
  }

  copy(selector) {
    return this.form.querySelector(`template${selector}`).content.cloneNode(true);
  }

  words(name) {
    return this.copy(`[data-say="${name}"]`).textContent;
  }

  // Read out when the person pauses. Every single save would be noise: only the first, and what goes wrong.
  announce(text) {
    this.announcer.textContent = text.trim().replace(/\s+/g, " ");
  }

  announceFirst() {
    if (!this.hasSaved) this.announce(this.words("first"));
    this.hasSaved = true;
  }

  // What stays unsaved is named in the foot, which is always in sight; leaving the page asks only while there is any.
  tell() {
    const unsaved = (this.cards ?? []).filter((card) => card.isDirty);
    this.form.dispatchEvent(new CustomEvent("unsaved", { detail: unsaved.length > 0 }));
    const stuck = unsaved.filter((card) => !card.isBusy && !["", "saved", "choosing", "stale-page", "renewed"].includes(card.outcome));
    this.trouble.hidden = !stuck.length;
    this.trouble.querySelector("[data-codes]").replaceChildren(...stuck.flatMap(({ code, name }, place) => link(code, name, place)));
  }

  tryAgain() {
    for (const card of this.cards) if (card.isTroubled && !card.isBusy) card.save();
  }

  // Signing in again, in another tab, has replaced the token of this page's form.
  async renew(card) {
    if (this.isRenewing) return;
    this.isRenewing = true;
    const headers = { "HX-Request": "true", "X-Person": this.form.dataset.person };
    const response = await fetch(card.element.getAttribute("hx-post"), { headers }).catch(() => null);
    const outcome = response?.headers.get("X-Outcome") ?? (response ? "failed" : "offline");
    const token = outcome === "ready" ? await response.text() : "";
    this.isRenewing = false;
    const waiting = this.cards.filter((one) => one.isDirty && (one === card || one.isTroubled || one.outcome === "stale-page"));
    if (token) {
      for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
      for (const one of waiting) {
        one.outcome = "renewed";
        one.save();
      }
      return;
    }
    for (const one of waiting) {
      const before = one.outcome;
      one.outcome = TROUBLES.includes(outcome) ? outcome : "failed";
      one.retry(before);
    }
    this.tell();
  }

  // One of the form's own buttons: what is still on its way arrives first, else the form would meet it as a stranger's.
  // What cannot be saved holds the page once, for the next one would come without it; whoever insists goes.
  async leave(event) {
    const button = event.submitter;
    const left = ["keep", "clear"].includes(button?.name) ? button.value : "";
    const pending = this.cards.filter((card) => card.code !== left && (card.isBusy || (card.isDirty && !card.theirs)));
    if (this.isLeaving || !pending.length) return;
    event.preventDefault();
    if (this.isWaiting) return;
    this.isWaiting = true;
    for (const card of pending) if (!card.isBusy) card.save();
    const until = Date.now() + PATIENCE;
    while (pending.some((card) => card.isBusy) && Date.now() < until) await sleep(50);
    this.isWaiting = false;
    this.tell();
    const isStuck = pending.some((card) => card.isTroubled);
    if (isStuck && !this.hasHeld) {
      this.hasHeld = true;
      return;
    }
    this.isLeaving = true;
    this.form.requestSubmit(button);
  }
}

function link(code, name, place) {
  const anchor = document.createElement("a");
  anchor.className = "govuk-link";
  anchor.href = `#${code}`;
  anchor.textContent = name;
  return place ? [", ", anchor] : [anchor];
}

// Without htmx there is nobody to send anything.
if (window.htmx) for (const form of document.querySelectorAll("form[data-autosave]")) new Page(form);
