// What the widget shows: a button, and behind it the conversation with the open article over it.
import { useEffect, useRef, useState } from "preact/hooks";
import { withReferences } from "../ask/answer";
import { busy, type Conversation, type Turn } from "../ask/conversation";
import { Feedback } from "../ask/feedback";
import { Field } from "../ask/field";
import { Icon } from "../ask/icons";
import { Reply } from "../ask/reply";
import { Spoken } from "../ask/spoken";
import type { Service } from "../ask/service";
import { ArticlePane } from "../read/article";
import { Copy } from "../read/copy";
import type { Reader } from "../read/reading";
import { words } from "../words/words";

export interface PanelOf {
  service: Service;
  conversation: Conversation;
  reader: Reader;
  heading: string;
  inline: boolean;
  opened: boolean;
}

export function Panel({ heading, inline, opened, ...rest }: PanelOf) {
  const [open, setOpen] = useState(opened);
  const launcher = useRef<HTMLButtonElement>(null);
  const title = heading || words.value.welcome;
  const close = () => {
    setOpen(false);
    setTimeout(() => launcher.current?.focus());
  };
  if (inline) return <Conversing {...rest} title={title} />;
  return open ? (
    <Conversing {...rest} title={title} close={close} />
  ) : (
    <button type="button" class="launcher" ref={launcher} aria-haspopup="dialog" onClick={() => setOpen(true)}>
      <Icon name="chat" />
      {title}
    </button>
  );
}

interface ConversingOf extends Omit<PanelOf, "heading" | "inline" | "opened"> {
  title: string;
  close?: () => void;
}

function Conversing({ service, conversation, reader, title, close }: ConversingOf) {
  const turns = conversation.turns.value;
  const reading = reader.open.value;
  const escaped = (event: KeyboardEvent) => event.key === "Escape" && close?.();
  const last = turns.at(-1);
  const link = `${service.base}${last ? `?q=${encodeURIComponent(last.question)}` : ""}`;
  return (
    <section class={close ? "panel afloat" : "panel"} role={close ? "dialog" : "region"} aria-label={title} onKeyDown={escaped}>
      <header class="bar" inert={reading !== null}>
        <strong>{title}</strong>
        {close && (
          <button type="button" class="plain" aria-label={words.value.close} onClick={close}>
            <Icon name="close" />
          </button>
        )}
      </header>
      <div class="log" inert={reading !== null}>
        {turns.length === 0 && <p class="note">{words.value.promise}</p>}
        {turns.map((turn) => (
          <Asked key={turn.key} service={service} turn={turn} conversation={conversation} reader={reader} />
        ))}
      </div>
      <div class="foot" inert={reading !== null}>
        <Field conversation={conversation} label={words.value.question} focused={close !== undefined} />
        <a href={link} target="_blank" rel="noopener">
          {words.value.wholePage}
        </a>
      </div>
      <Spoken turns={turns} />
      {reading && <ArticlePane reader={reader} reading={reading} />}
    </section>
  );
}

interface AskedOf {
  service: Service;
  turn: Turn;
  conversation: Conversation;
  reader: Reader;
}

function Asked({ service, turn, conversation, reader }: AskedOf) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    const log = section.current!.parentElement!; // scrollIntoView would move the page around the widget too
    if (busy(turn)) log.scrollTop = section.current!.offsetTop - log.offsetTop;
  }, [turn.key]);
  return (
    <section class="turn" ref={section}>
      <h2>{turn.question}</h2>
      <Reply
        turn={turn}
        open={(place, control) => void reader.show(place, control, turn.answer?.citations)}
        retry={(again) => void conversation.retry(again)}
      >
        <div class="actions" role="group" aria-label={words.value.actions}>
          <Copy text={turn.answer ? withReferences(turn.answer) : ""} label={words.value.copyAnswer} />
          {turn.answer && <Feedback key={turn.answer.id} service={service} answer={turn.answer} />}
        </div>
      </Reply>
    </section>
  );
}
