// The shapes of the ledger's routes: figures, indicators with their values, reforms with their dossiers.
import type { Place } from "../ask/answer";

export interface Quoted extends Place {
  date: string | null;
  page: string | null;
  reference: string;
  start: number;
  end: number;
  citation_id: string;
}

export interface Figure extends Quoted {
  id: string;
  indicator: string;
  subject: string | null;
  about: string | null;
  text: string;
  value: number | [number, number];
  unit: string;
  hedge: string;
  period: { text: string; start: string | null; end: string | null } | null;
  comparator: string;
  change: string;
  conflicts: string[];
}

export interface Timeline {
  indicator: string;
  subject: string;
  about: string | null;
  comparator: string;
  change: string;
  unit: string;
  articles: number;
  conflict: boolean;
  figures: Figure[];
}

export const CELLS = ["what", "parts", "since", "leads", "where", "targets"] as const;
export type Cell = (typeof CELLS)[number];

export interface ReformSummary {
  name: string;
  names: string[];
  mentions: number;
  articles: number;
  filled: Cell[];
}

export interface Dossier {
  name: string;
  names: string[];
  mentions: number;
  cells: Record<Cell, (Quoted & { text: string })[] | null>;
  figures: Figure[] | null;
  articles: (Quoted & { mentions: number })[];
}
