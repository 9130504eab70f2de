// Language and theme as the reader chose them, kept in the browser.
import { effect, signal } from "@preact/signals";
import { type Language, language, preferred, words } from "../words/words";
import { route } from "./route";

export type Theme = "" | "light" | "dark"; // none: as the system has it

export const theme = signal<Theme>(read("theme") as Theme);

language.value = (read("language") as Language) || preferred();
effect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
  const { view } = route.value;
  document.title = view === "ask" ? words.value.title : `${words.value.view[view]} · ${words.value.name}`;
});

export function choose(changes: { language?: Language; theme?: Theme }): void {
  if (changes.language) language.value = changes.language;
  if (changes.theme !== undefined) {
    theme.value = changes.theme;
    document.documentElement.dataset.theme = changes.theme;
  }
  try {
    for (const [name, value] of Object.entries(changes)) localStorage.setItem(`wence.${name}`, value);
  } catch {
    // storage is forbidden: the choice lasts as long as the page
  }
}

/** As theme.ts reads them: plain words, not JSON. */
function read(name: "language" | "theme"): string {
  try {
    return localStorage.getItem(`wence.${name}`) ?? "";
  } catch {
    return "";
  }
}

export const isDark = () => (theme.value ? theme.value === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
