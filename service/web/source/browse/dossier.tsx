// The dossier of one reform: what each cell is filled with and by which quote; what no article says is said to be missing.
import { useEffect, useState } from "preact/hooks";
import { ARTICLES } from "../ask/answer";
import { call } from "../ask/service";
import { conversation } from "../page/conversations";
import { here, reader } from "../page/here";
import { address } from "../page/route";
import { words } from "../words/words";
import { FigureTable } from "./figure-table";
import { CELLS, type Dossier, type Quoted } from "./ledger";

export function DossierView({ name }: { name: string }) {
  const [dossier, found] = useState<Dossier | null>(null);
  const [error, fail] = useState("");
  useEffect(() => {
    call<Dossier>(here, `v1/reforms/${encodeURIComponent(name)}`).then(found, (failed: Error) => fail(failed.message));
  }, [name]);
  return (
    <main id="main" tabIndex={-1} class="browse">
      <p>
        <a href={address("reforms")}>← {words.value.reforms}</a>
      </p>
      <h1 lang={ARTICLES}>{dossier?.name ?? name}</h1>
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      {!error && !dossier && <p class="note">{words.value.loading}</p>}
      {dossier && <Filled dossier={dossier} />}
    </main>
  );
}

function Filled({ dossier: { name, names, mentions, cells, figures, articles } }: { dossier: Dossier }) {
  return (
    <>
      <p class="note">
        {words.value.spokenOf(articles.length, mentions)}
        {names.length > 1 && ` · ${words.value.also(names.filter((other) => other !== name).join("、"))}`}
      </p>
      <p>
        <a class="ask" href={address("ask")} onClick={() => void conversation.ask(words.value.whatIs(name))}>
          {words.value.whatIs(name)}
        </a>
      </p>
      <dl class="dossier">
        {CELLS.map((cell) => (
          <div key={cell}>
            <dt>{words.value.cell[cell]}</dt>
            <dd>{cells[cell] ? <Said quotes={cells[cell]} /> : <span class="note">{words.value.notSaid}</span>}</dd>
          </div>
        ))}
      </dl>
      <h2>{words.value.figures}</h2>
      {figures?.length ? <FigureTable figures={figures} caption={words.value.figures} /> : <p class="note">{words.value.notSaid}</p>}
      <h2>{words.value.inArticles}</h2>
      <ul class="said">
        {articles.map((article) => (
          <li key={article.article_id}>
            <Cite quote={article} text={`《${article.title}》`} />
          </li>
        ))}
      </ul>
    </>
  );
}

const Said = ({ quotes }: { quotes: (Quoted & { text: string })[] }) => (
  <ul class="said">
    {quotes.map((quote) => (
      <li key={quote.citation_id}>
        <Cite quote={quote} text={quote.text} />
      </li>
    ))}
  </ul>
);

const Cite = ({ quote, text }: { quote: Quoted; text: string }) => (
  <button type="button" class="source" lang={ARTICLES} onClick={(event) => void reader.show(quote, event.currentTarget)}>
    {text}
    {text !== quote.quote && <small>{quote.quote}</small>}
  </button>
);
