// The text of an answer in, nodes out: `[n]` becomes a marker, a checked figure gets its mark. Everything else stays text.
import type { ComponentChild } from "preact";
import { words } from "../words/words";
import type { Citation, FigureCheck } from "./answer";
import { Marker, type Open } from "./marker";

export interface MarkedOf {
  text: string;
  citations: Citation[];
  figures?: FigureCheck[];
  open: Open;
}

export function Marked({ text, citations, figures = [], open }: MarkedOf) {
  const unseen = new Set(figures);
  return (
    <>
      {text.split(/(\[\d+\])/).map((piece) => {
        const citation = citations.find(({ n }) => piece === `[${n}]`);
        return citation ? <Marker key={`n${citation.n}`} citation={citation} open={open} /> : withFigures(piece, unseen);
      })}
    </>
  );
}

/** A stretch of text with the first figures of a set that stand in it, in their order; those are taken from the set. */
function withFigures(text: string, figures: Set<FigureCheck>): ComponentChild[] {
  const nodes: ComponentChild[] = [];
  let from = 0;
  for (const figure of figures) {
    const letters = Array.from(figure.text, (letter) => letter.replace(/[.*+?^${}()|[\]\\]/, "\\$&"));
    const pattern = new RegExp(`(?<![\\d.])${letters.join("\\s*")}(?!\\d)`, "g"); // figures come without spaces
    pattern.lastIndex = from;
    const found = pattern.exec(text);
    if (!found) continue;
    figures.delete(figure);
    const verdict = words.value.verdict[figure.verdict];
    nodes.push(text.slice(from, found.index));
    nodes.push(
      <span class={`figure ${figure.verdict}`} title={verdict} data-verdict={verdict}>
        {found[0]}
      </span>,
    );
    from = pattern.lastIndex;
  }
  return [...nodes, text.slice(from)];
}
