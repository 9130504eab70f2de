// The open article: its facts, its text with the quote highlighted and in view, its reference. Text stays text.
import { useEffect, useRef } from "preact/hooks";
import { ARTICLES, type Article } from "../ask/answer";
import { Icon } from "../ask/icons";
import { about } from "../ask/reply";
import { words } from "../words/words";
import { Copy } from "./copy";
import { isHeading, located, paragraphs, type Span } from "./offsets";
import type { Reader, Reading } from "./reading";

export function ArticlePane({ reader, reading }: { reader: Reader; reading: Reading }) {
  const { place, article, error } = reading;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current!.focus({ preventScroll: true }), [place]);
  const escaped = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation(); // closes the article alone, not what it lies over
    reader.close();
  };
  return (
    <aside class="pane" aria-labelledby="pane-title" onKeyDown={escaped}>
      <header>
        <div>
          <h2 id="pane-title" tabIndex={-1} lang={article?.language || ARTICLES} ref={title}>
            {article?.title ?? place.title}
          </h2>
          <p class="byline">{article && about(article)}</p>
        </div>
        <button type="button" class="plain" aria-label={words.value.closeArticle} onClick={() => reader.close()}>
          <Icon name="close" />
        </button>
      </header>
      <div class="paper" tabIndex={0} role="region" aria-labelledby="pane-title">
        {article ? <Text article={article} reading={reading} /> : <Missing reading={reading} />}
      </div>
      {article && (
        <footer>
          <p class="reference" lang={ARTICLES}>{article.reference}</p>
          <Copy text={article.reference} label={words.value.copyReference} />
        </footer>
      )}
      <p class="hidden" role="status">
        {error || (article ? words.value.opened : "")}
      </p>
    </aside>
  );
}

function Missing({ reading: { place, error } }: { reading: Reading }) {
  if (!error) return <p class="note">{words.value.opening}</p>;
  return (
    <>
      <p class="note">{error}</p>
      {place.quote && <blockquote>{place.quote}</blockquote>}
    </>
  );
}

function Text({ article, reading: { place, others } }: { article: Article; reading: Reading }) {
  const current = place.quote ? located(article.text, place) : null;
  const lighter = others.filter(({ article_id }) => article_id === article.id).map((other) => located(article.text, other));
  const text = useRef<HTMLDivElement>(null);
  useEffect(() => text.current!.querySelector("mark.current")?.scrollIntoView({ block: "center" }), [place]);
  return (
    <>
      {place.quote && !current && (
        <div class="note">
          <p>{words.value.changed}</p>
          <blockquote>{place.quote}</blockquote>
        </div>
      )}
      <div class="text" lang={article.language || ARTICLES} ref={text}>
        {paragraphs(article.text, current, lighter.filter((span): span is Span => span !== null)).map((runs, i) => (
          <p key={i} class={isHeading(runs.map((run) => run.text).join("")) ? "heading" : ""}>
            {runs.map(({ text, mark }) => (mark ? <mark class={mark}>{text}</mark> : text))}
          </p>
        ))}
        {article.captions.length > 0 && (
          <ul class="captions">
            {article.captions.map((caption) => (
              <li>{caption}</li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}
