// The head of the page: the name, the views, and the choices of language and theme.
import { Icon } from "../ask/icons";
import { language, words } from "../words/words";
import { choose, isDark } from "./preferences";
import { address, route, VIEWS } from "./route";

export function Head() {
  const dark = isDark();
  return (
    <header class="top">
      <a class="skip" href="#main" onClick={skipped}>
        {words.value.skip}
      </a>
      <a class="brand" href={address("ask")}>
        <span class="seal" aria-hidden="true">
          策
        </span>
        <span class="name">{words.value.name}</span>
      </a>
      <nav aria-label={words.value.views}>
        {VIEWS.map((view) => (
          <a href={address(view)} aria-current={route.value.view === view ? "page" : undefined}>
            {words.value.view[view]}
          </a>
        ))}
      </nav>
      <div class="tools">
        <button type="button" class="plain" lang={language.value === "zh" ? "en" : "zh-CN"} onClick={switched}>
          {words.value.otherLanguage}
        </button>
        <button
          type="button"
          class="plain"
          aria-label={dark ? words.value.lighter : words.value.darker}
          title={dark ? words.value.lighter : words.value.darker}
          onClick={() => choose({ theme: dark ? "light" : "dark" })}
        >
          <Icon name={dark ? "light" : "dark"} />
        </button>
      </div>
    </header>
  );
}

const switched = () => choose({ language: language.value === "zh" ? "en" : "zh" });

function skipped(event: Event): void {
  event.preventDefault(); // the address's # names the view
  document.getElementById("main")?.focus();
}
