// Questions that this collection can be asked, made from its reforms and the titles of its articles. Their room is there
// before they are, so that nothing moves.
import { useEffect, useState } from "preact/hooks";
import { ARTICLES, type ArticleSummary } from "../ask/answer";
import { call } from "../ask/service";
import type { ReformSummary } from "../browse/ledger";
import { words } from "../words/words";
import { conversation } from "./conversations";
import { here } from "./here";

const SHOWN = 4;
const OF_REFORMS = 2;
const LOOKED_AT = 100;

export function Suggestions() {
  const [questions, found] = useState<string[]>([]);
  useEffect(() => void suggested().then(found), [words.value]);
  return (
    <ul class="suggestions" lang={ARTICLES} aria-label={words.value.suggestions}>
      {questions.map((question) => (
        <li key={question}>
          <button type="button" onClick={() => void conversation.ask(question)}>
            {question}
          </button>
        </li>
      ))}
    </ul>
  );
}

async function suggested(): Promise<string[]> {
  const limit = `limit=${LOOKED_AT}`;
  const [reforms, articles] = await Promise.all([
    call<{ reforms: ReformSummary[] }>(here, `v1/reforms?${limit}`).then((reply) => reply.reforms, none),
    call<{ articles: ArticleSummary[] }>(here, `v1/articles?${limit}`).then((reply) => reply.articles, none),
  ]);
  const told = reforms.filter(({ filled }) => filled.includes("what")).map(({ name }) => words.value.whatIs(name));
  const first = spread(told, OF_REFORMS);
  return [...first, ...spread(articles.map(({ title }) => words.value.mainly(title)), SHOWN - first.length)];
}

const none = () => []; // a service without articles or ledger has nothing to suggest

/** A few, taken from all over the collection, another few each day. */
function spread(questions: string[], count: number): string[] {
  const step = Math.max(1, Math.floor(questions.length / count));
  const day = Math.floor(Date.now() / 86_400_000) % step;
  return questions.filter((_, i) => i % step === day).slice(0, count);
}
