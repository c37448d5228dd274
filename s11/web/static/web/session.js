// Says before a session ends without activity, and offers to stay signed in. The page's own form goes on afterwards.
// What it says stands in components/session_end.html; when the end is only the server knows, for other tabs count too.
// It is asked seldom, by an address that is no activity itself.
const FIRST = 60; // seconds after the page was opened
const WHILE_WARNING = 20;
const MOST = 3600; // a browser's clock takes no longer waits than some weeks

class SessionEnd {
  constructor(box) {
    this.box = box;
    this.bar = box.querySelector("[data-bar]");
    this.announcer = box.querySelector("[data-announcer]");
    this.stay = box.querySelector("[data-stay]");
    this.said = "";
    this.bar.addEventListener("focusin", ({ relatedTarget }) => {
      if (!this.bar.contains(relatedTarget)) this.before = relatedTarget;
    });
    this.stay.addEventListener("click", () => this.ask("POST"));
    // A computer that slept, or somebody who comes back from signing in in another tab.
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.ask());
    this.askIn(Math.min(FIRST, Number(box.dataset.minutes) * 15));
  }

  askIn(seconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), Math.min(Math.max(seconds, 1), MOST) * 1000);
  }

  async ask(method = "GET") {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
    const headers = { "HX-Request": "true", "X-CSRFToken": token };
    const address = method === "POST" ? this.box.dataset.stayUrl : this.box.dataset.leftUrl;
    const response = await fetch(address, { method, headers }).catch(() => null);
    const left = response?.ok ? await response.json().catch(() => null) : null;
    // Offline, or the token of another sign-in: the next answer says how it stands.
    if (!left) return this.askIn(method === "POST" ? 1 : WHILE_WARNING);
    this.tell(left);
  }

  tell(left) {
    const isTheirs = left.person === this.box.dataset.person;
    if (!isTheirs || left.seconds <= 0) {
      this.say("ended");
      return this.askIn(WHILE_WARNING);
    }
    if (this.said === "ended") this.renew(left.token);
    if (left.seconds > left.warn) {
      this.say("");
      return this.askIn(left.seconds - left.warn + 1);
    }
    this.say(left.can_stay ? "soon" : "last", left.seconds);
    this.askIn(Math.min(WHILE_WARNING, left.seconds + 1));
  }

  // Signing in again has made another token: with it the form can still be sent.
  renew(token) {
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  }

  // Read out once, when it changes; nothing moves the focus from what is being typed.
  say(name, seconds = 0) {
    if (name === this.said) return;
    const hadFocus = this.bar.contains(document.activeElement);
    this.said = name;
    this.bar.hidden = !name;
    this.stay.hidden = name !== "soon";
    const words = this.bar.querySelector("[data-words]");
    words.replaceChildren();
    if (name) {
      words.append(this.box.querySelector(`template[data-say="${name}"]`).content.cloneNode(true));
      const time = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit" });
      for (const one of words.querySelectorAll("[data-time]")) one.textContent = time.format(Date.now() + seconds * 1000);
    }
    this.announcer.textContent = name ? words.textContent.trim() : this.box.querySelector('template[data-say="stays"]').content.textContent;
    // The button that had it is gone: back to where the person was typing.
    if (hadFocus && !name) this.before?.focus({ preventScroll: true });
  }
}

export function watch(box) {
  return new SessionEnd(box);
}
