// One turn in, what a person sees of it out: how far it is proven, the bare facts, the text, its sources.
import type { ComponentChildren } from "preact";
import { words } from "../words/words";
import { ARTICLES, type Answer, type Citation, type Standing, type Statement, standing } from "./answer";
import { busy, type Turn } from "./conversation";
import { Icon, type IconName } from "./icons";
import { Marked } from "./marked";
import { Marker, type Open } from "./marker";

const NEAREST = 3;

export interface ReplyOf {
  turn: Turn;
  open: Open;
  retry: (turn: Turn) => void;
  children?: ComponentChildren; // what can be done with a finished answer
}

export function Reply({ turn, open, retry, children }: ReplyOf) {
  return (
    <div class={`reply ${turn.answer ? standing(turn.answer) : turn.phase}`} aria-busy={busy(turn)}>
      {turn.answer ? <Whole answer={turn.answer} open={open} /> : <Growing turn={turn} open={open} />}
      {turn.phase === "failed" && <p class="error">{turn.error}</p>}
      {(turn.phase === "failed" || turn.phase === "stopped") && (
        <button type="button" class="quiet" onClick={() => retry(turn)}>
          <Icon name="again" />
          {words.value.retry}
        </button>
      )}
      {turn.answer && children}
    </div>
  );
}

function Growing({ turn, open }: { turn: Turn; open: Open }) {
  if (turn.phase === "failed") return null;
  return (
    <>
      <p class="headline">
        <span class={`waiting ${busy(turn) ? "moving" : ""}`}>{words.value.phase[turn.phase]}</span>
        {turn.phase === "reconnecting" && <span class="remark">{turn.error}</span>}
      </p>
      {turn.text && (
        <p class="answer" lang={ARTICLES}>
          <Marked text={turn.text} citations={turn.citations} open={open} />
        </p>
      )}
    </>
  );
}

function Whole({ answer, open }: { answer: Answer; open: Open }) {
  const said = standing(answer);
  const gap = answer.reason && !answer.answer.includes(answer.reason);
  return (
    <>
      <p class="headline">
        <Badge said={said} />
        {answer.short_answers.length > 0 && <strong class="short" lang={ARTICLES}>{answer.short_answers.join("、")}</strong>}
      </p>
      {gap && <p class="reason">{answer.reason}</p>}
      {said === "conflict" ? <Sides answer={answer} open={open} /> : <Text answer={answer} open={open} />}
      {answer.citations.length > 0 && <Sources citations={answer.citations} open={open} />}
      {said === "unanswerable" && <Nearest answer={answer} open={open} />}
      <Remarks answer={answer} />
    </>
  );
}

export const Badge = ({ said }: { said: Standing }) => (
  <span class={`badge ${said}`} title={words.value.meaning[said]}>
    <Icon name={said as IconName} />
    {words.value.standing[said]}
  </span>
);

/** The text with its marks; a statement that its quotes do not bear out in full is marked as such. */
function Text({ answer: { answer, statements, citations, figures }, open }: { answer: Answer; open: Open }) {
  const parts = statements.every(({ support }) => support === "supported") ? [answer] : divided(answer, statements);
  return (
    <p class="answer" lang={ARTICLES}>
      {parts.map((part) => {
        if (typeof part === "string") return <Marked text={part} citations={citations} figures={figures} open={open} />;
        const own = figures.filter(({ citation }) => part.citations.includes(citation));
        return (
          <span class={part.support} title={words.value.support[part.support]}>
            <Marked text={part.text} citations={citations} figures={own} open={open} />
          </span>
        );
      })}
    </p>
  );
}

/** A text as its statements and what stands between them. */
function divided(text: string, statements: Statement[]): (string | Statement)[] {
  const parts: (string | Statement)[] = [];
  let from = 0;
  for (const statement of statements) {
    const at = text.indexOf(statement.text, from);
    if (at < 0) continue;
    parts.push(text.slice(from, at), statement);
    from = at + statement.text.length;
  }
  return [...parts, text.slice(from)];
}

/** What sources say differently, side by side. */
function Sides({ answer, open }: { answer: Answer; open: Open }) {
  const { statements, citations, figures } = answer;
  if (statements.length < 2) return <Text answer={answer} open={open} />;
  return (
    <ul class="sides" lang={ARTICLES}>
      {statements.map((statement, i) => {
        const own = figures.filter(({ citation }) => statement.citations.includes(citation));
        const marks = statement.citations.map((n) => `[${n}]`).join("");
        const first = citations.find(({ n }) => n === statement.citations[0]);
        return (
          <li key={i}>
            <p>
              <Marked text={statement.text + marks} citations={citations} figures={own} open={open} />
            </p>
            {first && <small>{[first.title && `《${first.title}》`, about(first)].filter(Boolean).join(" ")}</small>}
          </li>
        );
      })}
    </ul>
  );
}

const Sources = ({ citations, open }: { citations: Citation[]; open: Open }) => (
  <ol class="sources" aria-label={words.value.sources}>
    {citations.map((citation) => (
      <li key={citation.n}>
        <Marker citation={citation} open={open} />
        <button type="button" class="source" lang={ARTICLES} onClick={(event) => open(citation, event.currentTarget)}>
          《{citation.title}》<small>{about(citation)}</small>
        </button>
        <q class="printed">{citation.quote}</q>
      </li>
    ))}
  </ol>
);

/** For who gets no answer: what was looked at, nearest first. */
function Nearest({ answer, open }: { answer: Answer; open: Open }) {
  const seen = answer.retrieved.slice(0, NEAREST);
  if (seen.length === 0) return null;
  return (
    <section class="nearest">
      <h3>{words.value.nearest}</h3>
      <ol lang={ARTICLES}>
        {seen.map((passage) => (
          <li key={passage.passage_id}>
            <button type="button" class="source" onClick={(event) => open({ ...passage, quote: passage.text }, event.currentTarget)}>
              《{passage.title}》<small>{passage.text}</small>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Remarks({ answer }: { answer: Answer }) {
  const { figures, composer, model, timings_ms } = answer;
  const checked = figures.filter(({ verdict }) => verdict !== "not_found").length;
  const remarks = [
    figures.length > 0 && words.value.checked(checked, figures.length),
    composer === "generative" && words.value.writtenBy(model ?? ""),
    timings_ms.total !== undefined && words.value.took(Math.round(timings_ms.total)),
  ];
  return <p class="remarks">{remarks.filter(Boolean).join(" · ")}</p>;
}

export const about = ({ authors, column, issue, date, page }: Pick<Citation, "authors" | "column" | "issue" | "date" | "page">) =>
  [authors.join("、"), column, issue, date, page && words.value.page(page)].filter(Boolean).join(" · ");
