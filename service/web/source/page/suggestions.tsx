// Questions that this collection can be asked, made from the titles of its articles. Their room is there before they are.
import { useEffect, useState } from "preact/hooks";
import type { ArticleSummary } from "../ask/answer";
import { call } from "../ask/service";
import { words } from "../words/words";
import { conversation } from "./conversations";
import { here } from "./here";

const SHOWN = 4;
const LOOKED_AT = 200;

export function Suggestions() {
  const [titles, found] = useState<string[]>([]);
  useEffect(() => {
    call<{ articles: ArticleSummary[] }>(here, `v1/articles?limit=${LOOKED_AT}`)
      .then(({ articles }) => found(spread(articles.map(({ title }) => title))))
      .catch(() => found([]));
  }, []);
  return (
    <ul class="suggestions" aria-label={words.value.suggestions}>
      {titles.map((title) => (
        <li key={title}>
          <button type="button" onClick={() => void conversation.ask(words.value.mainly(title))}>
            {words.value.mainly(title)}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A few, taken from all over the collection, another few each day. */
function spread(titles: string[]): string[] {
  const step = Math.max(1, Math.floor(titles.length / SHOWN));
  const day = Math.floor(Date.now() / 86_400_000) % step;
  return titles.filter((_, i) => i % step === day).slice(0, SHOWN);
}
