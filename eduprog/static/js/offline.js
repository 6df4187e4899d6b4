// Recording without a signal, on a device its owner trusts: My week and the record pages are kept on the device, a record
// made meanwhile waits in the browser, says so, and is sent once when the network is back.

const WAITING = "eduprog.waiting";
const PAGES = "eduprog-pages";
const ASSETS = "eduprog-assets";
const BUILT = new URL(".", import.meta.url).href;
const SENDING = "eduprog.sending";

// Whose page this is: an opaque name of the person at their school. Records wait under it and are sent for nobody else.
const KEEPER = document.querySelector('meta[name="eduprog-keeper"]')?.content || "";

const everybodys = () => JSON.parse(localStorage.getItem(WAITING) || "[]");
const waiting = () => everybodys().filter((record) => record.keeper === KEEPER);
const keep = (records) => {
  const others = everybodys().filter((record) => record.keeper !== KEEPER);
  localStorage.setItem(WAITING, JSON.stringify([...others, ...records]));
};

// What the page says of it ------------------------------------------------------------------------------------------------

function made(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function say(...parts) {
  document.querySelectorAll("[data-waiting]").forEach((said) => said.remove());
  if (!parts.length) return;
  const notice = made("div", "ep-offline");
  notice.dataset.waiting = "yes";
  notice.setAttribute("role", "status");
  notice.append(...parts);
  document.querySelector("main").prepend(notice);
}

function sayHowManyWait(first = "") {
  const records = waiting();
  document.documentElement.dataset.recordsWaiting = String(records.length);
  const refused = records.filter((record) => record.refused);
  const still = records.length - refused.length;
  const parts = [...(first ? [made("p", "", first)] : []), ...refused.map(sayRefused)];
  const count = still === 1 ? "1 record waits" : `${still} records wait`;
  const when = navigator.onLine ? "and is being sent." : "on this device. It is sent when you have a signal.";
  if (still) parts.push(made("p", "", `${count} ${when}`));
  const others = everybodys().length - records.length;
  const theirs = others === 1 ? "A record somebody else made on this device waits" : `${others} records others made on this device wait`;
  if (others) parts.push(made("p", "", `${theirs} until they sign in here. You cannot send it for them.`));
  if (!parts.length && !navigator.onLine) parts.push(made("p", "", "You are offline. You can still record."));
  say(...parts);
}

// A record the school did not take is never lost silently: what it was, why, and the two ways on.
function sayRefused(record) {
  const box = made("div", "ep-offline__refused");
  box.append(made("p", "", `Not taken: ${record.about}${record.said ? ` (${record.said})` : ""}. ${record.why || ""}`));
  const open = made("a", "govuk-link", "Look and correct it");
  open.href = record.page;
  const discard = made("button", "govuk-button govuk-button--secondary", "Discard it");
  discard.type = "button";
  discard.append(made("span", "govuk-visually-hidden", `: ${record.about}`));
  discard.addEventListener("click", () => {
    keep(waiting().filter((one) => one.action !== record.action));
    sayHowManyWait();
  });
  box.append(open, " ", discard);
  return box;
}

// A record made without a signal -------------------------------------------------------------------------------------------

function recordOffline(event) {
  const form = event.target;
  if (!form.matches("form[data-queue]")) return;
  const records = waiting().filter((record) => lessonOf(record.action) !== lessonOf(form.action));
  if (navigator.onLine) {
    keep(records); // sent by hand now, so what waited of the same lesson is over
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const missing = stillToSay(form);
  if (missing) {
    sayHowManyWait(missing);
    return;
  }
  const fields = [...new FormData(form, event.submitter)].map(([name, value]) => [name, String(value)]);
  const chosen = form.querySelector('input[type="radio"]:checked')?.labels[0]?.textContent.trim();
  const said = (chosen && form.dataset.queueSaid ? `${form.dataset.queueSaid}: ${chosen}` : chosen) || event.submitter?.textContent || "";
  keep([
    ...records,
    { keeper: KEEPER, action: form.action, fields, about: form.dataset.queue, page: location.href, said: said.trim() },
  ]);
  location.assign(form.dataset.queueNext);
}

// The newest word on a lesson counts, whether it says taught or not taught.
const lessonOf = (action) => action.replace(/\/[^/]*$/, "");

// What the school would ask at once if there were a signal; without one it is asked here.
function stillToSay(form) {
  const radios = [...form.querySelectorAll('input[type="radio"]')];
  const chosen = radios.find((one) => one.checked);
  if (radios.length && !chosen) return "Choose one of the answers first. Nothing was kept yet.";
  const asksForSteps = chosen?.name === "outcome" && chosen.value !== "as_planned";
  const steps = [...form.querySelectorAll('input[name="steps"]')];
  if (asksForSteps && steps.length && !steps.some((one) => one.checked)) return "Tick the steps that were done. Nothing was kept yet.";
  return "";
}

async function sendAll() {
  if (!navigator.onLine || !waiting().length) return;
  let sent = 0;
  for (const record of waiting().filter((one) => !one.refused)) {
    const outcome = await send(record).catch(() => ({ taken: false }));
    if (outcome.taken) {
      keep(waiting().filter((one) => one.action !== record.action));
      sent += 1;
    } else if (outcome.refused) {
      keep(waiting().map((one) => (one.action === record.action ? { ...one, refused: true, why: outcome.why } : one)));
    }
  }
  if (sent) location.assign("/my-week");
}

// The token of the page may be too old by now, so a fresh one is fetched with the record page; the key that makes the record
// one stays as it was. If somebody else has signed in meanwhile, the page says so and nothing is sent.
async function send(record) {
  const answered = await fetch(record.page, { headers: { "X-Eduprog-Fresh": "1" } });
  if (answered.redirected && new URL(answered.url).pathname === "/sign-in") return {};
  const page = new DOMParser().parseFromString(await answered.text(), "text/html");
  if (answered.status === 404) return { refused: true, why: "This lesson is no longer in the plan." };
  const token = page.querySelector('input[name="csrf_token"]');
  const keeper = page.querySelector('meta[name="eduprog-keeper"]');
  if (!token || (keeper && keeper.content !== KEEPER)) return {};
  const fields = record.fields.map(([name, value]) => [name, name === "csrf_token" ? token.value : value]);
  const answer = await fetch(record.action, { method: "POST", body: new URLSearchParams(fields) });
  if (answer.ok) return { taken: true };
  if (answer.status >= 500 || answer.status === 403 || answer.status === 429) return {};
  return { refused: true, why: reasonIn(new DOMParser().parseFromString(await answer.text(), "text/html")) };
}

function reasonIn(page) {
  const found = page.querySelector(".govuk-error-summary__list, .ep-notice__body, main p");
  return found ? found.textContent.replace(/\s+/g, " ").trim() : "";
}

// Pages kept on the device -------------------------------------------------------------------------------------------------

async function keepPages() {
  if (!navigator.onLine || !("caches" in window)) return;
  await navigator.serviceWorker.register("/service-worker.js");
  const [pages, assets] = [await caches.open(PAGES), await caches.open(ASSETS)];
  const wanted = [...document.querySelectorAll('a[href$="/record"]')].map((link) => link.href);
  const deck = await deckToKeep(pages);
  for (const url of new Set([`${location.origin}/my-week`, ...wanted, ...deck])) {
    const page = await fetch(url);
    if (page.ok && !page.redirected) await pages.put(url, page);
  }
  const built = performance.getEntriesByType("resource").map((entry) => entry.name);
  const ours = built.filter((url) => url.startsWith(BUILT));
  await Promise.all(ours.map(async (url) => (await assets.match(url)) || assets.add(url)));
  document.documentElement.dataset.kept = "yes";
}

// The slides that are open are kept as well, so that they can be loaded again without a network; those of earlier lessons go.
async function deckToKeep(pages) {
  const stage = document.querySelector("[data-deck]");
  if (!stage) return [];
  const mine = location.origin + stage.dataset.deck;
  const others = (await pages.keys()).filter((kept) => kept.url.endsWith("/slides") && kept.url !== mine);
  await Promise.all(others.map((kept) => pages.delete(kept)));
  return [mine];
}

function forgetPagesAtSignOut() {
  document.addEventListener("submit", (event) => {
    if (event.target.matches(".ep-header__sign-out") && "caches" in window) caches.delete(PAGES);
  });
}

async function oneAtATime(act) {
  return navigator.locks ? navigator.locks.request(SENDING, act) : act();
}

document.addEventListener("submit", recordOffline, { capture: true });
window.addEventListener("online", () => oneAtATime(sendAll).finally(() => sayHowManyWait()));
window.addEventListener("offline", () => sayHowManyWait());
forgetPagesAtSignOut();
sayHowManyWait();
oneAtATime(sendAll).finally(() => sayHowManyWait());
if ("serviceWorker" in navigator) keepPages().catch(() => {});
