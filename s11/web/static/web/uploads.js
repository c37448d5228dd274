// Sends the files of a form one after the other, and says of each how far it is and what became of it.
// Without scripts the form sends all of them at once; the server says the same sentences on the next page.

function makeElement(name, classes, text = "") {
  const element = document.createElement(name);
  element.className = classes;
  element.textContent = text;
  return element;
}

function makeRow(list, file) {
  const row = makeElement("li", "");
  const name = makeElement("span", "", `${file.name} `);
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", `Sending ${file.name}`);
  const state = makeElement("span", "", " Waiting");
  row.append(name, bar, state);
  list.append(row);
  return { row, bar, state };
}

function send(form, field, file, bar, state) {
  return new Promise((resolve) => {
    const data = new FormData(form);
    data.delete(field);
    data.append(field, file);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = Math.round((100 * event.loaded) / event.total);
      state.textContent = bar.value < 100 ? ` ${bar.value}% sent` : " Being checked";
    });
    request.addEventListener("load", () => resolve(read(request, file)));
    request.addEventListener("error", () => resolve(fail(file, "was not sent: check your connection, then choose it again.")));
    state.textContent = " Sending";
    request.send(data);
  });
}

function read(request, file) {
  if (request.status === 503) return fail(file, "was not added, for files cannot be kept at the moment: choose it again in a few minutes.");
  try {
    const answer = JSON.parse(request.responseText);
    return { isKept: answer.is_kept, text: answer.sentences.join(" ") };
  } catch {
    return fail(file, "was not added: load this page again, sign in if you are asked to, and choose it again.");
  }
}

function fail(file, why) {
  return { isKept: false, text: `‘${file.name}’ ${why}` };
}

async function upload(form, input) {
  const files = [...input.files];
  form.querySelector(".app-uploads")?.remove();
  const box = makeElement("div", "app-uploads");
  const status = makeElement("p", "govuk-body");
  status.setAttribute("role", "status");
  const list = makeElement("ul", "govuk-list");
  box.append(status, list);
  form.append(box);
  const rows = files.map((file) => makeRow(list, file));
  let kept = 0;
  for (const [index, file] of files.entries()) {
    status.textContent = `Sending file ${index + 1} of ${files.length}`;
    const { row, bar, state } = rows[index];
    const result = await send(form, input.name, file, bar, state);
    row.textContent = result.text;
    row.classList.toggle("govuk-error-message", !result.isKept);
    kept += result.isKept ? 1 : 0;
  }
  if (kept) await refresh();
  input.value = "";
  input.dispatchEvent(new Event("change"));
  finish(form, status, kept, files.length);
}

// What the page lists is no longer so: those parts are asked for again. Without an answer the link still leads on.
async function refresh() {
  const parts = document.querySelectorAll("[data-refreshed]");
  if (!parts.length) return;
  try {
    const response = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of parts) {
      const newer = page.getElementById(part.id);
      if (newer) part.replaceWith(newer);
    }
  } catch {
    // The files are kept all the same.
  }
}

function sayKept(kept, all) {
  if (kept === all) return all === 1 ? "The file is kept." : `All ${all} files are kept.`;
  if (all === 1) return "The file is not kept.";
  return kept ? `${kept} of ${all} kept. The others are marked: each says what to do.` : `None of the ${all} files is kept: each says what to do.`;
}

function finish(form, status, kept, all) {
  status.textContent = sayKept(kept, all);
  const line = makeElement("p", "govuk-body");
  const next = makeElement("a", "govuk-link", form.dataset.nextText);
  next.href = form.dataset.next;
  line.append(next);
  status.parentElement.append(line);
  next.focus();
}

for (const form of document.querySelectorAll("form[data-uploads]")) {
  let isSending = false;
  form.addEventListener("submit", async (event) => {
    const input = form.querySelector("input[type=file]");
    if (!isSending && !input.files.length) return;
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    await upload(form, input);
    isSending = false;
  });
}
