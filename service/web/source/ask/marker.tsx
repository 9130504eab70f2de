// The mark [n] of a citation: hover, focus or a first tap shows the quote, a click opens the article.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { words } from "../words/words";
import { ARTICLES, type Citation, type Place } from "./answer";

const MARGIN_PX = 8;

/** Opens the article of a place; `control` is what gets the focus back afterwards. */
export type Open = (place: Place, control: HTMLElement) => void;

export function Marker({ citation, open }: { citation: Citation; open: Open }) {
  const [shown, show] = useState(false);
  const control = useRef<HTMLButtonElement>(null);
  const touched = useRef(false);
  const id = `quote-${citation.n}-${citation.id}`;

  const opened = () => {
    show(false);
    open(citation, control.current!);
  };
  const clicked = () => (touched.current && !shown ? show(true) : opened());
  const escaped = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !shown) return;
    event.stopPropagation(); // closes the quote alone
    show(false);
  };
  return (
    <span
      class="cite"
      onPointerEnter={(event) => event.pointerType === "mouse" && show(true)}
      onPointerLeave={(event) => event.pointerType === "mouse" && show(false)}
      onKeyDown={escaped}
    >
      <button
        type="button"
        class="marker"
        ref={control}
        aria-label={words.value.citation(citation.n, citation.title)}
        aria-describedby={shown ? id : undefined}
        onPointerDown={(event) => (touched.current = event.pointerType === "touch")}
        onClick={clicked}
        onFocus={(event) => event.currentTarget.matches(":focus-visible") && show(true)}
        onBlur={() => show(false)}
      >
        {citation.n}
      </button>
      {shown && <Preview id={id} citation={citation} control={control.current!} opened={opened} />}
    </span>
  );
}

interface PreviewOf {
  id: string;
  citation: Citation;
  control: HTMLElement;
  opened: () => void;
}

function Preview({ id, citation, control, opened }: PreviewOf) {
  const box = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const mark = control.getBoundingClientRect();
    const own = box.current!.getBoundingClientRect();
    const below = mark.bottom + own.height + MARGIN_PX < innerHeight || mark.top < own.height;
    const left = Math.min(mark.left, innerWidth - own.width - MARGIN_PX);
    box.current!.style.left = `${Math.max(MARGIN_PX, left)}px`;
    box.current!.style.top = `${below ? mark.bottom : mark.top - own.height}px`;
  }, []);
  return (
    <span class="preview" role="tooltip" lang={ARTICLES} id={id} ref={box} onMouseDown={(event) => event.preventDefault()} onClick={opened}>
      <q>{citation.quote}</q>
      <small>{citation.reference}</small>
    </span>
  );
}
