// Small enhancements; every page works without them.
import { initAll } from "./govuk-frontend.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

const SEND_AGAIN_AFTER_MS = 8000;

// A second tap while the first is on its way must not record a lesson twice. Downloads answer a form without leaving
// the page, so the guard lets go after a while.
function guardAgainstDoubleSubmit() {
  const release = (form) => delete form.dataset.sending;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    setTimeout(() => release(form), SEND_AGAIN_AFTER_MS);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));
}

// With no signal the browser would throw the filled form away: keep it on the screen and say so.
function keepFormsWhileOffline() {
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || event.target.method !== "post" || event.target.dataset.queue) return;
    event.preventDefault();
    showOffline(event.target);
  }, { capture: true });
  window.addEventListener("online", () => document.querySelectorAll(".ep-offline").forEach((notice) => notice.remove()));
}

function showOffline(form) {
  if (form.querySelector(".ep-offline")) return;
  const notice = document.createElement("p");
  notice.className = "ep-offline";
  notice.setAttribute("role", "alert");
  notice.textContent = "You are offline. Nothing is lost: leave this page open and press the button again when you have a signal.";
  form.prepend(notice);
}

function wakePrintButtons() {
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}

function wakeCopyButtons() {
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const said = button.parentElement.querySelector("[data-copy-said]");
      if (said) said.textContent = "Copied";
    });
  });
}

// Slides: arrow keys follow the links that are there, a timer counts the minutes of the step.
function wakeSlides() {
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select") || event.altKey || event.ctrlKey || event.metaKey) return;
    const link = document.querySelector(`a[data-key="${event.key}"]`);
    if (link) link.click();
  });
  document.querySelectorAll("[data-timer-minutes]").forEach(wakeTimer);
}

function wakeTimer(button) {
  const total = Number(button.dataset.timerMinutes) * 60;
  const face = button.querySelector("[data-timer-face]");
  let left = total;
  let ticking = 0;
  const show = () => {
    face.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  };
  const stop = () => {
    clearInterval(ticking);
    ticking = 0;
  };
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    if (ticking) {
      stop();
    } else {
      if (left === 0) left = total;
      const end = Date.now() + left * 1000;
      ticking = setInterval(() => {
        left = Math.max(0, Math.round((end - Date.now()) / 1000));
        show();
        if (left === 0) stop();
      }, 250);
    }
    button.setAttribute("aria-pressed", String(ticking !== 0));
  });
}

// Whoever signs out leaves nothing on the screen in other tabs of this browser: once the session is over, they leave too.
function leaveEveryTabAtSignOut() {
  if (!("BroadcastChannel" in window)) return;
  const tabs = new BroadcastChannel("eduprog");
  const signedIn = document.querySelector(".ep-header__sign-out");
  if (!signedIn && sessionStorage.getItem("eduprog.signing-out")) tabs.postMessage("signed out");
  sessionStorage.removeItem("eduprog.signing-out");
  if (!signedIn) return;
  signedIn.addEventListener("submit", () => sessionStorage.setItem("eduprog.signing-out", "yes"));
  tabs.addEventListener("message", () => {
    document.body.hidden = true;
    location.replace("/sign-in");
  });
}

guardAgainstDoubleSubmit();
keepFormsWhileOffline();
wakePrintButtons();
wakeCopyButtons();
wakeSlides();
leaveEveryTabAtSignOut();
