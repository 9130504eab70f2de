// What the views of the collection have in common: a title, a search, what went wrong, the way to more.
import type { ComponentChildren } from "preact";
import { words } from "../words/words";
import type { Paged } from "./paged";

export interface FrameOf {
  title: string;
  found: Paged<unknown>;
  children: ComponentChildren;
}

export const Frame = ({ title, found: { rows, total, error, more }, children }: FrameOf) => (
  <main id="main" tabIndex={-1} class="browse">
    <h1>{title}</h1>
    {error && (
      <p class="error" role="alert">
        {error}
      </p>
    )}
    {children}
    {rows && total === 0 && <p class="note none">{words.value.none}</p>}
    {more && (
      <button type="button" class="quiet more" onClick={more}>
        {words.value.more(total - rows!.length)}
      </button>
    )}
  </main>
);

export interface SearchOf {
  label: string;
  value: string;
  change: (text: string) => void;
  children: ComponentChildren;
}

export const Search = ({ label, value, change, children }: SearchOf) => (
  <div class="filters" role="search">
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      onInput={(event) => change(event.currentTarget.value)}
    />
    {children}
  </div>
);
