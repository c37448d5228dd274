// Passkeys: the one thing here that only a script can do. Each form that offers one says so until this has run.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// What the server writes as text the browser wants as bytes, and the other way round.
function readOptions({ publicKey }) {
  const keys = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (options.user) options.user = { ...options.user, id: bytes(options.user.id) };
  options.excludeCredentials = keys(options.excludeCredentials);
  options.allowCredentials = keys(options.allowCredentials);
  return { publicKey: options };
}

function writeCredential(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function getOptions(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return (await response.json()).request_options;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  const said = form.querySelector("[data-said]");
  if (!window.PublicKeyCredential) {
    form.dataset.unknown = "";
    continue;
  }
  form.querySelector("[data-without]").hidden = true;
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.hidden = true;
    try {
      const options = readOptions(await getOptions(form));
      const isNew = form.dataset.passkey === "create";
      const credential = await (isNew ? navigator.credentials.create(options) : navigator.credentials.get(options));
      form.elements.credential.value = writeCredential(credential);
      form.submit();
    } catch (error) {
      // The browser has shown its own words; these say what to do next.
      said.firstElementChild.textContent = error.name === "InvalidStateError" ? form.dataset.already : form.dataset.failed;
      said.hidden = false;
    }
  });
}
