// Places in an article: offsets count code points, JavaScript's strings count otherwise. Knows no page.
import type { Place } from "../ask/answer";

export type Span = [number, number];

/** [start, end) of a quote in an article as it is now; null when it is no longer there. */
export function located(text: string, { start, end, quote }: Place): Span | null {
  const letters = Array.from(text);
  if (start != null && end != null && letters.slice(start, end).join("") === quote) return [start, end];
  const found = quote ? text.indexOf(quote) : -1;
  if (found < 0) return null;
  const first = Array.from(text.slice(0, found)).length;
  return [first, first + Array.from(quote).length];
}

/** A run of letters that is inside the quote in question, inside another one, or in none. */
export interface Run {
  text: string;
  mark: "current" | "other" | null;
}

/** The paragraphs of an article, each as its runs. */
export function paragraphs(text: string, current: Span | null, others: Span[]): Run[][] {
  const cuts = [...new Set([current, ...others].flatMap((span) => span ?? []))].sort((a, b) => a - b);
  let offset = 0;
  return text.split("\n").map((line) => {
    const letters = Array.from(line);
    const first = offset;
    const last = first + letters.length;
    offset = last + 1;
    const bounds = [first, ...cuts.filter((cut) => first < cut && cut < last), last];
    return bounds.slice(1).map((to, i) => {
      const from = bounds[i]!;
      const within = (span: Span | null) => span !== null && span[0] <= from && to <= span[1];
      const mark = within(current) ? "current" : others.some(within) ? "other" : null;
      return { text: letters.slice(from - first, to - first).join(""), mark };
    });
  });
}

/** Whether a line is a heading: short, and it ends no sentence. */
export const isHeading = (line: string) => line.length > 0 && Array.from(line).length < 40 && !/([。！？；：…]”?|）)$/.test(line);
