// A lesson lasts longer than a session may rest. While it is on the screen, it keeps its session alive, for two hours at most.

const EVERY_MS = 4 * 60 * 1000;
const LONGEST_MS = 2 * 60 * 60 * 1000;
const began = Date.now();

async function stillHere() {
  if (document.visibilityState !== "visible" || !navigator.onLine) return;
  if (Date.now() - began > LONGEST_MS) {
    clearInterval(ticking);
    return;
  }
  const answer = await fetch("/still-here", { redirect: "manual" }).catch(() => null);
  if (answer && answer.status !== 204) clearInterval(ticking);
}

const ticking = setInterval(stillHere, EVERY_MS);
