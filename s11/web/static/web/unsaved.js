// What somebody typed and the server does not have yet, kept in this browser until it does.
// The key begins with the person's id, so that nobody is offered another's words; signing out removes everybody's.
const PREFIX = "s11:unsaved:";
const DAYS = 7;

// A browser may forbid its storage, or be out of room: then the page alone keeps the text.
function tryTo(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

export function keep(key, values) {
  tryTo(() => localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), values })));
}

// { at: milliseconds, values: { name: value } }, or null.
export function recall(key) {
  return tryTo(() => JSON.parse(localStorage.getItem(PREFIX + key)));
}

export function drop(key) {
  tryTo(() => localStorage.removeItem(PREFIX + key));
}

export function dropAll() {
  tryTo(() => ownKeys().forEach((key) => localStorage.removeItem(key)));
}

export function dropOld() {
  const oldest = Date.now() - DAYS * 24 * 60 * 60 * 1000;
  for (const key of tryTo(ownKeys) ?? []) {
    const kept = recall(key.slice(PREFIX.length));
    if (!(kept?.at > oldest)) drop(key.slice(PREFIX.length));
  }
}
