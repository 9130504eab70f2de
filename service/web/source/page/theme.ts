// Sets the theme and the language that the reader chose before anything is drawn, so that nothing flashes.
const root = document.documentElement;
const chosen = (name: string) => {
  try {
    return localStorage.getItem(`wence.${name}`) ?? "";
  } catch {
    return ""; // storage is forbidden
  }
};
if (chosen("theme")) root.dataset.theme = chosen("theme");
root.lang = (chosen("language") || navigator.language).startsWith("zh") ? "zh-CN" : "en";
