// Loaded before the first paint, so that nothing moves when the components wake up.
document.documentElement.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.documentElement.classList.add("govuk-frontend-supported");
