// The message check while somebody types. Without a script the button "Check" of the same form does it.

const PAUSE = 700;

function place(field) {
  const said = document.createElement("div");
  said.id = `${field.id}-check`;
  said.className = "ep-check";
  said.setAttribute("role", "status");
  field.after(said);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${said.id}`.trim());
  return said;
}

function tell(said, findings) {
  said.replaceChildren(
    ...findings.map((finding) => {
      const line = document.createElement("p");
      line.className = "ep-check__finding";
      line.textContent = finding;
      return line;
    }),
  );
}

function watch(field, address) {
  const token = field.form.querySelector("[name=csrf_token]").value;
  let said = null;
  let waiting = 0;
  let asked = 0;
  const ask = async () => {
    asked += 1;
    const mine = asked;
    const body = new URLSearchParams({ csrf_token: token, reader: field.dataset.checkReader || "pupil", text: field.value });
    const answer = await fetch(address, { method: "POST", body });
    if (!answer.ok || mine !== asked) return;
    const { findings } = await answer.json();
    said = said || place(field);
    tell(said, findings);
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask().catch(() => {}), PAUSE);
  });
}

document.querySelectorAll("form[data-check]").forEach((form) => {
  form.querySelectorAll("[data-check-reader]").forEach((field) => watch(field, form.dataset.check));
});
