// What the whole page shares: the service it came from, the open article, whether there is a network and a key.
import { signal } from "@preact/signals";
import type { Service } from "../ask/service";
import { Reader } from "../read/reading";
import { store, stored } from "./stored";

export const locked = signal(false);
export const here: Service = { base: "", token: stored("key", ""), locked: () => (locked.value = true) };
export const reader = new Reader(here);
export const offline = signal(!navigator.onLine);

for (const name of ["online", "offline"]) addEventListener(name, () => (offline.value = !navigator.onLine));

export function unlock(key: string): void {
  here.token = key;
  locked.value = false;
  store("key", key);
}
