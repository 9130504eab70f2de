// What the whole page shares: the service it came from, the open article, and whether there is a network.
import { signal } from "@preact/signals";
import type { Service } from "../ask/service";
import { Reader } from "../read/reading";

export const here: Service = { base: "" };
export const reader = new Reader(here);
export const offline = signal(!navigator.onLine);

for (const name of ["online", "offline"]) addEventListener(name, () => (offline.value = !navigator.onLine));
