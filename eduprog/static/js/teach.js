// A lesson on the board. All slides are in the page, so nothing is fetched between them and a lost network is not noticed.
// Without a script each slide is a page of its own. A second window with the notes follows, and may lead.

const KEYS = {
  ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back", Home: "first", End: "last",
  ".": "dark", b: "dark", B: "dark", t: "clock", T: "clock", f: "whole", F: "whole", n: "notes", N: "notes", " ": "next",
};
const STAY_SIGNED_IN_MS = 5 * 60 * 1000;

function act(event) {
  if (event.target.closest("input, textarea, select") || event.altKey || event.ctrlKey || event.metaKey) return null;
  if (event.key === " " && event.target.closest("a, button, summary")) return null;
  return KEYS[event.key] || null;
}

function channelOf(address) {
  return "BroadcastChannel" in window ? new BroadcastChannel(`eduprog ${address}`) : { postMessage() {} };
}

// The board -----------------------------------------------------------------------------------------------------------------

class Board {
  constructor(stage) {
    this.stage = stage;
    this.here = stage.dataset.deck;
    this.slides = [...stage.querySelectorAll("[data-slide]")];
    this.at = this.slides.findIndex((slide) => !slide.hidden);
    this.channel = channelOf(document.querySelector("[data-notes]").getAttribute("href").replace(/notes$/, "teach"));
    this.clock = new StepClock(document.querySelector("[data-clock]"), this.here);
    this.acts = {
      next: () => this.show(this.at + 1), back: () => this.show(this.at - 1), first: () => this.show(0),
      last: () => this.show(this.slides.length - 1), dark: () => document.body.classList.toggle("ep-teach--dark"),
      clock: () => this.clock.press(), whole: () => this.fillScreen(), notes: () => document.querySelector("[data-notes]").click(),
    };
    this.listen();
    this.tell();
    // A page kept on the device stands at the slide it was kept at.
    this.show(Number(new URLSearchParams(location.search).get("slide") || this.at + 1) - 1);
  }

  listen() {
    document.addEventListener("keydown", (event) => {
      const name = act(event);
      if (!name) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.acts[name]();
    }, { capture: true });
    for (const [part, name] of [["[data-back]", "back"], ["[data-next]", "next"]]) {
      document.querySelector(part).addEventListener("click", (event) => {
        event.preventDefault();
        this.acts[name]();
      });
    }
    const whole = document.querySelector("[data-whole-screen]");
    whole.hidden = !document.fullscreenEnabled;
    whole.addEventListener("click", () => this.fillScreen());
    this.channel.onmessage = ({ data }) => (data.ask ? this.tell() : this.acts[data.act]?.());
    setInterval(() => navigator.onLine && fetch(this.here, { method: "HEAD" }).catch(() => {}), STAY_SIGNED_IN_MS);
  }

  show(wanted) {
    const at = Math.min(Math.max(wanted, 0), this.slides.length - 1);
    document.body.classList.remove("ep-teach--dark");
    if (at === this.at) return;
    this.slides[this.at].hidden = true;
    this.at = at;
    this.slides[at].hidden = false;
    this.slides[at].focus({ preventScroll: true });
    this.stage.scrollTop = 0;
    history.replaceState(null, "", `${this.here}?slide=${at + 1}`);
    this.tell();
  }

  tell() {
    const slide = this.slides[this.at];
    document.querySelector("[data-position]").textContent = this.at + 1;
    document.querySelector("[data-back]").hidden = this.at === 0;
    document.querySelector("[data-next]").hidden = this.at === this.slides.length - 1;
    this.clock.turnTo(slide.dataset.timer, Number(slide.dataset.minutes || 0));
    this.channel.postMessage({ at: this.at + 1 });
  }

  fillScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }
}

// The clock of a step is a moment at which it ends, so neither a sleeping tab nor another slide nor a reload makes it wrong.
class StepClock {
  constructor(button, here) {
    this.button = button;
    this.face = button.querySelector("[data-clock-face]");
    this.store = `eduprog.clock ${here}`;
    this.clocks = JSON.parse(sessionStorage.getItem(this.store) || "{}");
    button.addEventListener("click", () => this.press());
    document.addEventListener("visibilitychange", () => this.draw());
    setInterval(() => this.draw(), 250);
  }

  turnTo(step, minutes) {
    this.step = step;
    this.total = minutes * 60;
    this.button.hidden = !step;
    this.draw();
  }

  left() {
    const { end, left } = this.clocks[this.step] || {};
    if (end) return Math.max(0, Math.ceil((end - Date.now()) / 1000));
    return left ?? this.total;
  }

  press() {
    if (!this.step) return;
    const left = this.left();
    const runs = this.clocks[this.step]?.end && left > 0;
    this.clocks[this.step] = runs ? { left } : { end: Date.now() + (left || this.total) * 1000 };
    sessionStorage.setItem(this.store, JSON.stringify(this.clocks));
    this.draw();
  }

  draw() {
    if (!this.step) return;
    const left = this.left();
    const face = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (this.face.textContent !== face) this.face.textContent = face;
    this.button.setAttribute("aria-pressed", String(Boolean(this.clocks[this.step]?.end) && left > 0));
    this.button.classList.toggle("ep-timer--over", left === 0);
  }
}

// The notes -----------------------------------------------------------------------------------------------------------------

function followBoard(list) {
  const channel = channelOf(list.dataset.notesOf);
  const notes = [...list.querySelectorAll("[data-note]")];
  channel.onmessage = ({ data }) => {
    if (!data.at) return;
    notes.forEach((note) => note.toggleAttribute("aria-current", Number(note.dataset.note) === data.at));
    notes[data.at - 1]?.scrollIntoView({ block: "start" });
  };
  document.addEventListener("keydown", (event) => {
    const name = act(event);
    if (!["next", "back"].includes(name) || event.key === " ") return;
    event.preventDefault();
    channel.postMessage({ act: name });
  });
  channel.postMessage({ ask: true });
}

const stage = document.querySelector("[data-deck]");
if (stage) new Board(stage);
const list = document.querySelector("[data-notes-of]");
if (list) followBoard(list);
