// Recording without a signal, on a device its owner trusts: My week and the record pages are kept on the device, a record
// made meanwhile waits in the browser, says so, and is sent once when the network is back.

const WAITING = "eduprog.waiting";
const PAGES = "eduprog-pages";
const ASSETS = "eduprog-assets";
const BUILT = new URL(".", import.meta.url).href;
const SENDING = "eduprog.sending";

const waiting = () => JSON.parse(localStorage.getItem(WAITING) || "[]");
const keep = (records) => localStorage.setItem(WAITING, JSON.stringify(records));

// What the page says of it ------------------------------------------------------------------------------------------------

function say(words, link) {
  document.querySelectorAll("[data-waiting]").forEach((said) => said.remove());
  if (!words) return;
  const notice = document.createElement("p");
  notice.className = "ep-offline";
  notice.dataset.waiting = "yes";
  notice.setAttribute("role", "status");
  notice.textContent = words;
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.className = "govuk-link";
    anchor.textContent = link.text;
    notice.append(" ", anchor);
  }
  document.querySelector("main").prepend(notice);
}

function sayHowManyWait() {
  const records = waiting();
  const refused = records.filter((record) => record.refused);
  if (refused.length) {
    say(`Not taken: ${refused[0].about}. Look at it again.`, { href: refused[0].page, text: "Open it" });
    return;
  }
  const count = records.length === 1 ? "1 record waits" : `${records.length} records wait`;
  const when = navigator.onLine ? "and is being sent." : "on this device. It is sent when you have a signal.";
  say(records.length ? `${count} ${when}` : navigator.onLine ? "" : "You are offline. You can still record.");
}

// A record made without a signal -------------------------------------------------------------------------------------------

function recordOffline(event) {
  const form = event.target;
  if (navigator.onLine || !form.matches("form[data-queue]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const records = waiting().filter((record) => record.action !== form.action);
  const fields = [...new FormData(form, event.submitter)].map(([name, value]) => [name, String(value)]);
  keep([...records, { action: form.action, fields, about: form.dataset.queue, page: location.href }]);
  location.assign(form.dataset.queueNext);
}

async function sendAll() {
  if (!navigator.onLine || !waiting().length) return;
  let sent = 0;
  for (const record of waiting().filter((one) => !one.refused)) {
    const outcome = await send(record).catch(() => "later");
    if (outcome === "sent") {
      keep(waiting().filter((one) => one.action !== record.action));
      sent += 1;
    } else if (outcome === "refused") {
      keep(waiting().map((one) => (one.action === record.action ? { ...one, refused: true } : one)));
    }
  }
  if (sent) location.assign("/my-week");
}

// The token of the page may be too old by now, so a fresh one is fetched with the record page; the key that makes the record
// one stays as it was.
async function send(record) {
  const page = await fetch(record.page, { headers: { "X-Eduprog-Fresh": "1" } });
  if (page.redirected && new URL(page.url).pathname === "/sign-in") return "later";
  const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector('input[name="csrf_token"]');
  if (!token) return "later";
  const fields = record.fields.map(([name, value]) => [name, name === "csrf_token" ? token.value : value]);
  const answer = await fetch(record.action, { method: "POST", body: new URLSearchParams(fields) });
  if (answer.ok) return "sent";
  return answer.status >= 500 || answer.status === 403 || answer.status === 429 ? "later" : "refused";
}

// Pages kept on the device -------------------------------------------------------------------------------------------------

async function keepPages() {
  if (!navigator.onLine || !("caches" in window)) return;
  await navigator.serviceWorker.register("/service-worker.js");
  const [pages, assets] = [await caches.open(PAGES), await caches.open(ASSETS)];
  const wanted = [...document.querySelectorAll('a[href$="/record"]')].map((link) => link.href);
  for (const url of new Set([`${location.origin}/my-week`, ...wanted])) {
    const page = await fetch(url);
    if (page.ok && !page.redirected) await pages.put(url, page);
  }
  const built = performance.getEntriesByType("resource").map((entry) => entry.name);
  const ours = built.filter((url) => url.startsWith(BUILT));
  await Promise.all(ours.map(async (url) => (await assets.match(url)) || assets.add(url)));
  document.documentElement.dataset.kept = "yes";
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
window.addEventListener("online", () => oneAtATime(sendAll).finally(sayHowManyWait));
window.addEventListener("offline", sayHowManyWait);
forgetPagesAtSignOut();
sayHowManyWait();
oneAtATime(sendAll).finally(sayHowManyWait);
if ("serviceWorker" in navigator) keepPages().catch(() => {});
