// The conversation: what can be asked, what was asked, and the field for the next question.
import { useEffect, useRef } from "preact/hooks";
import { busy, type Turn } from "../ask/conversation";
import { Field } from "../ask/field";
import { Spoken } from "../ask/spoken";
import { Reply } from "../ask/reply";
import { words } from "../words/words";
import { Actions } from "./actions";
import { conversation } from "./conversations";
import { reader } from "./here";
import { Rail } from "./rail";
import { Suggestions } from "./suggestions";

const LONG = 200; // characters of a question of which only the first lines are shown

export function AskView() {
  const turns = conversation.turns.value;
  return (
    <div class="ask-view">
      <Rail />
      <main id="main" tabIndex={-1} class="chat">
        <div class="scroll">
          {turns.length > 0 && <h1 class="hidden">{words.value.view.ask}</h1>}
          {turns.length === 0 ? <Welcome /> : turns.map((turn) => <Asked key={turn.key} turn={turn} />)}
        </div>
        <Field conversation={conversation} label={words.value.question} hint={words.value.keys} focused />
        <Spoken turns={turns} />
      </main>
    </div>
  );
}

const Welcome = () => (
  <section class="welcome">
    <h1>{words.value.welcome}</h1>
    <p>{words.value.promise}</p>
    <Suggestions />
  </section>
);

function Asked({ turn }: { turn: Turn }) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!busy(turn)) return;
    section.current!.scrollIntoView({ block: "start" });
    if (document.activeElement === document.body) section.current!.focus({ preventScroll: true }); // what was clicked is gone
  }, [turn.key]);
  const others = turn.answer?.citations ?? [];
  return (
    <section class="turn" tabIndex={-1} ref={section}>
      <h2 class={turn.question.length > LONG ? "long" : ""}>{turn.question}</h2>
      <Reply
        turn={turn}
        open={(place, control) => void reader.show(place, control, others)}
        retry={(again) => void conversation.retry(again)}
      >
        <Actions turn={turn} />
      </Reply>
    </section>
  );
}

/** The question of a shared link, `?q=…`, is asked at once, and once: it leaves the address, so that a reload does not. */
const shared = new URLSearchParams(location.search).get("q")?.trim();
if (shared) {
  history.replaceState(null, "", location.pathname + location.hash);
  void conversation.ask(shared);
}
