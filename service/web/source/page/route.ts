// What stands behind the # of the address: the view, and what it shows.
import { signal } from "@preact/signals";

export const VIEWS = ["ask", "articles", "figures", "reforms"] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  view: View;
  /** What comes after the view: an article's id, a citation's, a reform's name. */
  rest: string;
  query: URLSearchParams;
}

export const route = signal<Route>(parsed());
addEventListener("hashchange", () => (route.value = parsed()));

function parsed(): Route {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?", 2);
  const [first = "", ...rest] = path.split("/");
  const view = VIEWS.find((name) => name === first) ?? "ask";
  return { view, rest: decoded(rest.join("/")), query: new URLSearchParams(query) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function address(view: View, rest = "", query: Record<string, string> = {}): string {
  const filled = Object.entries(query).filter(([, value]) => value);
  const search = filled.length ? `?${new URLSearchParams(filled)}` : "";
  return `#/${view === "ask" ? "" : view}${rest && `/${encodeURIComponent(rest)}`}${search}`;
}

/** Changes what the view shows without a step in the browser's history. */
export function adjust(query: Record<string, string>): void {
  const { view, rest } = route.value;
  history.replaceState(null, "", `${location.pathname}${location.search}${address(view, rest, query)}`);
  route.value = parsed();
}
