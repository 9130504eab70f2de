// The articles of the collection by column, with a search over titles and texts.
import { useEffect, useState } from "preact/hooks";
import { ARTICLES, type ArticleSummary } from "../ask/answer";
import { about } from "../ask/reply";
import { reader } from "../page/here";
import { adjust, route } from "../page/route";
import { words } from "../words/words";
import { Frame, Search } from "./frame";
import { usePaged } from "./paged";

export function Articles() {
  const { query, rest } = route.value;
  const q = query.get("q") ?? "";
  const column = query.get("column") ?? "";
  const found = usePaged<ArticleSummary>("v1/articles", "articles", { q, column, limit: "200" });
  const [columns, setColumns] = useState<string[]>([]);
  useEffect(() => {
    if (found.rows && !q && !column) setColumns(columnsOf(found.rows));
  }, [found.rows]);
  useEffect(() => {
    if (rest) void reader.show({ article_id: rest, title: "", quote: "" }, null);
  }, [rest]);
  return (
    <Frame title={words.value.articles} found={found}>
      <Search label={words.value.search} value={q} change={(text) => adjust({ q: text, column })}>
        <select aria-label={words.value.column} value={column} onChange={(event) => adjust({ q, column: event.currentTarget.value })}>
          <option value="">{words.value.allColumns}</option>
          {[...new Set([...columns, column])].filter(Boolean).map((name) => (
            <option value={name}>{name}</option>
          ))}
        </select>
        <output aria-live="polite">{found.rows ? words.value.found(found.total) : words.value.loading}</output>
      </Search>
      {columnsOf(found.rows ?? []).map((name) => (
        <section key={name}>
          <h2>{name || words.value.noColumn}</h2>
          <Cards articles={found.rows!.filter((article) => article.column === name)} />
        </section>
      ))}
    </Frame>
  );
}

const Cards = ({ articles }: { articles: ArticleSummary[] }) => (
  <ul class="cards">
    {articles.map((article) => (
      <li key={article.id}>
        <button
          type="button"
          onClick={(event) => void reader.show({ article_id: article.id, title: article.title, quote: "" }, event.currentTarget)}
        >
          <strong lang={article.language || ARTICLES}>{article.title}</strong>
          <small>{[about({ ...article, column: "" }), words.value.characters(article.characters)].filter(Boolean).join(" · ")}</small>
        </button>
      </li>
    ))}
  </ul>
);

const columnsOf = (articles: ArticleSummary[]) => [...new Set(articles.map(({ column }) => column))];
