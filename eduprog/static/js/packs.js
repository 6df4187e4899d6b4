// A pack is sent while it is made. Where a script can read it as it comes, it says how far it is; else the browser's own download does.

const FILE_BEGINS = [0x50, 0x4b, 0x03, 0x04]; // "PK" and two numbers, before each file of the archive

async function fetchPack(link, said) {
  const answer = await fetch(link.href);
  if (!answer.ok || !answer.headers.get("X-Pack-Files")) throw new Error(`${answer.status}`);
  const total = Number(answer.headers.get("X-Pack-Files"));
  const reader = answer.body.getReader();
  const parts = [];
  let begun = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    parts.push(value);
    begun = Math.min(begun + beginnings(value), total);
    said.textContent = `${begun} of ${total} files made`;
  }
  save(new Blob(parts, { type: "application/zip" }), link.href.split("/").pop());
  said.textContent = `Ready: ${total} files, saved with your downloads.`;
}

function beginnings(bytes) {
  let found = 0;
  for (let at = bytes.indexOf(0x50); at !== -1; at = bytes.indexOf(0x50, at + 1)) {
    if (FILE_BEGINS.every((byte, place) => bytes[at + place] === byte)) found += 1;
  }
  return found;
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

document.querySelectorAll("[data-pack]").forEach((link) => {
  const said = link.parentElement.querySelector("[data-pack-said]");
  link.addEventListener("click", async (event) => {
    if (link.dataset.busy) {
      event.preventDefault();
      return;
    }
    event.preventDefault();
    link.dataset.busy = "yes";
    said.textContent = "Beginning …";
    await fetchPack(link, said).catch(() => {
      said.textContent = "The pack could not be made. Try again, or print the lessons one by one.";
    });
    delete link.dataset.busy;
  });
});
