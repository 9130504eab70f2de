// The shapes that the service sends, as README and /docs describe them.

/** The language that the articles are written in, and so the answers. */
export const ARTICLES = "zh-CN";

export type Status = "answered" | "partial" | "conflict" | "unanswerable";
export type Verdict = "exact" | "equal" | "not_found";

export interface Statement {
  text: string;
  citations: number[];
  support: "supported" | "partly" | "unsupported";
}

/** A stretch of an article: `article text[start:end] == quote`, counted in code points. */
export interface Place {
  article_id: string;
  title: string;
  quote: string;
  start?: number | null;
  end?: number | null;
}

export interface Citation extends Place {
  n: number;
  id: string;
  authors: string[];
  column: string;
  issue: string;
  date: string | null;
  page: string | null;
  start: number;
  end: number;
  reference: string;
}

export interface FigureCheck {
  text: string;
  citation: number;
  verdict: Verdict;
}

export interface Retrieved {
  passage_id: string;
  article_id: string;
  title: string;
  text: string;
}

export interface Answer {
  id: string | null;
  question: string;
  status: Status;
  answer: string;
  short_answers: string[];
  statements: Statement[];
  citations: Citation[];
  figures: FigureCheck[];
  retrieved: Retrieved[];
  reason: string | null;
  composer: "extractive" | "generative";
  model: string | null;
  timings_ms: Record<string, number>;
  snapshot: string;
}

export interface ArticleSummary {
  id: string;
  title: string;
  authors: string[];
  column: string;
  issue: string;
  date: string | null;
  page: string | null;
  language: string;
  characters: number;
}

export interface Article extends ArticleSummary {
  captions: string[];
  reference: string;
  text: string;
}

/** How far an answer is proven, as the page shows it: an answer that is not proven throughout is not called verified. */
export type Standing = Status | "unproven";

export function standing(answer: Answer): Standing {
  const proven =
    answer.statements.every(({ support }) => support === "supported") &&
    answer.figures.every(({ verdict }) => verdict !== "not_found");
  return answer.status === "answered" && !proven ? "unproven" : answer.status;
}

/** An answer with the references of its marks, as plain text. */
export function withReferences({ answer, citations }: Answer): string {
  return [answer, ...citations.map(({ n, reference }) => `[${n}] ${reference}`)].join("\n");
}
