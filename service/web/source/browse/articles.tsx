// The articles of the collection by column, with a search over titles and texts.
import { useEffect, useState } from "preact/hooks";
import type { ArticleSummary } from "../ask/answer";
import { about } from "../ask/reply";
import { call } from "../ask/service";
import { here, reader } from "../page/here";
import { adjust, route } from "../page/route";
import { words } from "../words/words";

const PAGE = 200;
const PAUSE_MS = 200; // after the last key, before the service is asked

interface Found {
  articles: ArticleSummary[];
  total: number;
  next_cursor: string | null;
}

export function Articles() {
  const { query, rest } = route.value;
  const q = query.get("q") ?? "";
  const column = query.get("column") ?? "";
  const [columns, setColumns] = useState<string[]>([]);
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState("");

  const read = async (cursor: string, before: ArticleSummary[]) => {
    try {
      const search = new URLSearchParams({ q, column, cursor, limit: `${PAGE}` });
      const page = await call<Found>(here, `v1/articles?${search}`);
      setFound({ ...page, articles: [...before, ...page.articles] });
      if (!q && !column) setColumns(columnsOf(page.articles));
      setError("");
    } catch (failed) {
      setError((failed as Error).message);
    }
  };
  useEffect(() => {
    const timer = setTimeout(() => void read("0", []), found ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [q, column]);
  useEffect(() => {
    if (rest) void reader.show({ article_id: rest, title: "", quote: "" }, null);
  }, [rest]);

  return (
    <main id="main" tabIndex={-1} class="browse">
      <h1>{words.value.articles}</h1>
      <div class="filters">
        <input
          type="search"
          aria-label={words.value.search}
          placeholder={words.value.search}
          value={q}
          onInput={(event) => adjust({ q: event.currentTarget.value, column })}
        />
        <select
          aria-label={words.value.allColumns}
          value={column}
          onChange={(event) => adjust({ q, column: event.currentTarget.value })}
        >
          <option value="">{words.value.allColumns}</option>
          {[...new Set([...columns, column])].filter(Boolean).map((name) => (
            <option value={name}>{name}</option>
          ))}
        </select>
        <output aria-live="polite">{found ? words.value.found(found.total) : words.value.loading}</output>
      </div>
      {error && <p class="error">{error}</p>}
      {found && found.total === 0 && <p class="note">{words.value.none}</p>}
      {found && <ByColumn articles={found.articles} />}
      {found?.next_cursor && (
        <button type="button" class="quiet" onClick={() => void read(found.next_cursor!, found.articles)}>
          {words.value.more}
        </button>
      )}
    </main>
  );
}

function ByColumn({ articles }: { articles: ArticleSummary[] }) {
  return (
    <>
      {columnsOf(articles).map((column) => (
        <section key={column}>
          <h2>{column || words.value.noColumn}</h2>
          <ul class="cards">
            {articles
              .filter((article) => article.column === column)
              .map((article) => (
                <li key={article.id}>
                  <button type="button" onClick={(event) => opened(article, event.currentTarget)}>
                    <strong>{article.title}</strong>
                    <small>{[about({ ...article, column: "" }), words.value.characters(article.characters)].filter(Boolean).join(" · ")}</small>
                  </button>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

const columnsOf = (articles: ArticleSummary[]) => [...new Set(articles.map(({ column }) => column))];

const opened = ({ id, title }: ArticleSummary, control: HTMLElement) =>
  void reader.show({ article_id: id, title, quote: "" }, control);
