// Lets My week, the record pages and the slides opened last open without a signal: the network first, else the copy kept here.

const PAGES = "eduprog-pages";
const ASSETS = "eduprog-assets";
const KEPT = /^\/(my-week|planned-lessons\/\d+\/(record|slides))$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(asset(event.request));
  else if (event.request.mode === "navigate" && KEPT.test(url.pathname)) event.respondWith(page(event.request, url));
});

async function asset(request) {
  return (await (await caches.open(ASSETS)).match(request.url)) || fetch(request);
}

async function page(request, url) {
  try {
    return await fetch(request);
  } catch (problem) {
    const kept = await (await caches.open(PAGES)).match(url.origin + url.pathname);
    if (kept) return kept;
    throw problem;
  }
}
