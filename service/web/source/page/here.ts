// What the whole page shares: the service it came from, the open article, whether there is a network and a key.
import { effect, signal } from "@preact/signals";
import type { Service } from "../ask/service";
import { Reader } from "../read/reading";
import { store, stored } from "./stored";

export const locked = signal(false);
export const here: Service = { base: "", token: stored("key", ""), locked: () => (locked.value = true) };
export const reader = new Reader(here);
export const offline = signal(!navigator.onLine);

/** The browser's way back closes an open article: opening one is a step in its history, marked there. */
if (history.state?.article) history.replaceState(null, ""); // a reload has closed it
effect(() => {
  const open = reader.open.value !== null;
  if (open && !history.state?.article) history.pushState({ article: true }, "");
  if (!open && history.state?.article) history.back();
});
addEventListener("popstate", () => {
  if (!history.state?.article && reader.open.peek()) reader.close();
});

for (const name of ["online", "offline"]) addEventListener(name, () => (offline.value = !navigator.onLine));

export function unlock(key: string): void {
  here.token = key;
  locked.value = false;
  store("key", key);
}
