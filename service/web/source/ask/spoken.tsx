// What a screen reader hears of the last turn: each state once, each stretch of text as it comes, the verdict at the end.
import { useEffect, useRef } from "preact/hooks";
import { words } from "../words/words";
import { standing } from "./answer";
import type { Turn } from "./conversation";

export function Spoken({ turns }: { turns: Turn[] }) {
  const region = useRef<HTMLDivElement>(null);
  const told = useRef({ key: "", phase: "", length: 0 });
  const turn = turns.at(-1);
  useEffect(() => {
    if (!turn) return;
    if (told.current.key !== turn.key || turn.text.length < told.current.length) {
      told.current = { key: turn.key, phase: "", length: 0 };
      region.current!.replaceChildren();
    }
    const fresh = turn.text.slice(told.current.length);
    const state = turn.phase === told.current.phase ? "" : stateOf(turn);
    told.current = { key: turn.key, phase: turn.phase, length: turn.text.length };
    for (const said of [fresh, state].filter(Boolean)) {
      region.current!.append(Object.assign(document.createElement("p"), { textContent: said }));
    }
  }, [turn]);
  return <div class="hidden" ref={region} aria-live="polite" aria-relevant="additions" />;
}

function stateOf({ phase, answer, error }: Turn): string {
  if (phase === "done" && answer) return words.value.spoken(words.value.standing[standing(answer)], answer.citations.length);
  if (phase === "failed") return error;
  return phase === "writing" || phase === "done" ? "" : words.value.phase[phase];
}
