// A list route and its query in, the rows that it has so far out, and a way to the next ones.
import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../ask/service";
import { here } from "../page/here";

const PAUSE_MS = 200; // after the last change, before the service is asked

export interface Paged<T> {
  rows: T[] | null; // none yet
  total: number;
  error: string;
  more: (() => void) | null;
}

type Page = { total: number; next_cursor: string | null } & Record<string, any>;

export function usePaged<T>(route: string, key: string, query: Record<string, string>): Paged<T> {
  const [page, turn] = useState<{ rows: T[] | null; total: number; next: string | null }>({ rows: null, total: 0, next: null });
  const [error, fail] = useState("");
  const search = `${new URLSearchParams(Object.entries(query).filter(([, value]) => value))}`;
  const wanted = useRef(search);
  const read = async (cursor: string, before: T[]) => {
    try {
      const found = await call<Page>(here, `${route}?${search}${cursor && `&cursor=${cursor}`}`);
      if (wanted.current !== search) return; // something else was asked for meanwhile
      turn({ rows: [...before, ...found[key]], total: found.total, next: found.next_cursor });
      fail("");
    } catch (failed) {
      if (wanted.current === search) fail((failed as Error).message);
    }
  };
  useEffect(() => {
    wanted.current = search;
    const timer = setTimeout(() => void read("", []), page.rows ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [search]);
  const { rows, total, next } = page;
  return { rows, total, error, more: next && rows ? () => void read(next, rows) : null };
}
