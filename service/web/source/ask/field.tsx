// The field for a question: Enter sends, Shift + Enter breaks the line, and while an answer comes the button stops it.
import { useEffect, useRef, useState } from "preact/hooks";
import { words } from "../words/words";
import type { Conversation } from "./conversation";
import { Icon } from "./icons";

const KEY_OF_IME = 229; // what some browsers report for Enter while an input method is still composing

export interface FieldOf {
  conversation: Conversation;
  label: string;
  hint?: string;
  focused?: boolean; // takes the focus when it appears
}

export function Field({ conversation, label, hint, focused = false }: FieldOf) {
  const [question, write] = useState("");
  const area = useRef<HTMLTextAreaElement>(null);
  const waiting = conversation.turns.value.length > 0 && conversation.busy;
  useEffect(() => {
    if (focused) area.current!.focus({ preventScroll: true });
  }, []);
  const send = (event: Event) => {
    event.preventDefault();
    if (waiting || !question.trim()) return;
    void conversation.ask(question.trim());
    write("");
    area.current!.style.height = "";
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== KEY_OF_IME) send(event);
  };
  return (
    <form class="field" aria-label={words.value.ask} onSubmit={send}>
      <textarea
        ref={area}
        rows={1}
        aria-label={label}
        placeholder={words.value.placeholder}
        value={question}
        onInput={(event) => {
          write(event.currentTarget.value);
          grow(event.currentTarget);
        }}
        onKeyDown={pressed}
      />
      {waiting ? (
        <button type="button" class="send" onClick={() => conversation.stop()}>
          <Icon name="stop" />
          {words.value.stop}
        </button>
      ) : (
        <button type="submit" class="send" aria-disabled={!question.trim()}>
          <Icon name="send" />
          {words.value.ask}
        </button>
      )}
      {hint && <p class="hint">{hint}</p>}
    </form>
  );
}

function grow(area: HTMLTextAreaElement): void {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}
