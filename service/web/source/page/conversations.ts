// The conversations of this browser: kept in its storage, listed, taken up again, deleted, written out as Markdown.
import { signal } from "@preact/signals";
import { busy, Conversation, type Turn } from "../ask/conversation";
import { words } from "../words/words";
import { here } from "./here";
import { store, stored } from "./stored";

const MOST_KEPT = 40;
const NEAREST_KEPT = 3; // passages looked at that are kept with an answer

export interface Kept {
  id: string;
  title: string;
  at: number;
  turns: Turn[];
}

export const kept = signal<Kept[]>(read());
export const current = signal<string>("");
export const conversation = new Conversation(here, keep);

addEventListener("storage", ({ key }) => {
  if (key === "wence.conversations") kept.value = read(); // another tab has kept one
});

/** What is there, unless it is of another making. */
function read(): Kept[] {
  const found = stored<Kept[]>("conversations", []);
  return Array.isArray(found) ? found.filter(({ turns }) => Array.isArray(turns)) : [];
}

/** Puts the turns of the running conversation first in the list; the oldest make room when storage is full. */
function keep(turns: Turn[]): void {
  if (turns.length === 0) return;
  if (!current.value) current.value = `${Date.now()}`;
  const own: Kept = { id: current.value, title: turns[0]!.question, at: Date.now(), turns: turns.map(light) };
  kept.value = [own, ...kept.value.filter(({ id }) => id !== own.id)].slice(0, MOST_KEPT);
  save();
}

function save(): void {
  while (!store("conversations", kept.value) && kept.value.length > 1) kept.value = kept.value.slice(0, -1);
}

function light(turn: Turn): Turn {
  const answer = turn.answer && { ...turn.answer, retrieved: turn.answer.retrieved.slice(0, NEAREST_KEPT) };
  return { ...turn, answer, phase: busy(turn) ? "stopped" : turn.phase };
}

export function begin(): void {
  current.value = "";
  conversation.replace([]);
}

export function resume(found: Kept): void {
  current.value = found.id;
  conversation.replace(found.turns);
}

export function forget(id: string): void {
  kept.value = kept.value.filter((other) => other.id !== id);
  save();
  if (current.value === id) begin();
}

export function asMarkdown(turns: Turn[]): string {
  const parts = turns.map(({ question, answer, error }) => {
    if (!answer) return `## ${plain(question)}\n\n${plain(error)}\n`;
    const notes = answer.citations.map(({ n, quote, reference }) => `${n}. ${plain(reference)}\n   > ${plain(quote)}`);
    const said = `*${words.value.standing[answer.status]}*`;
    return [`## ${plain(question)}`, said, plain(answer.answer), notes.join("\n")].filter(Boolean).join("\n\n") + "\n";
  });
  return [`# ${plain(turns[0]?.question ?? words.value.title)}`, ...parts].join("\n\n");
}

/** Text in which Markdown finds nothing to interpret. */
const plain = (text: string) => text.replace(/[\\`*_<>#|~]/g, "\\$&").replace(/\s*\n\s*/g, "  \n");
