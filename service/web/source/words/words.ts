// The words of the interface in the language that the reader chose.
import { computed, signal } from "@preact/signals";
import { en } from "./en";
import { zh } from "./zh";

export type Language = "zh" | "en";
export type Words = typeof zh;

export const language = signal<Language>("zh");
export const words = computed<Words>(() => (language.value === "en" ? en : zh));

/** The language of a browser that has chosen none. */
export const preferred = (): Language => (/^zh\b/i.test(navigator.language) ? "zh" : "en");
