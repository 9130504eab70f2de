// Questions in, turns out that grow as the service answers. Knows the states of asking; knows no page.
import { signal } from "@preact/signals";
import { words } from "../words/words";
import type { Answer, Citation } from "./answer";
import { explained, Lost, type Service, stream } from "./service";

const HISTORY_MESSAGES = 20;
const PAUSES_MS = [500, 1000, 2000, 3000, 4000, 5000, 5000, 5000, 5000];

export type Phase = "asking" | "writing" | "reconnecting" | "done" | "stopped" | "failed";

/** One question and what came of it. `text` and `citations` are what has been streamed; `answer` is the whole. */
export interface Turn {
  key: string;
  question: string;
  phase: Phase;
  text: string;
  citations: Citation[];
  answer: Answer | null;
  error: string;
}

export const busy = ({ phase }: Turn) => phase === "asking" || phase === "writing" || phase === "reconnecting";

export class Conversation {
  readonly turns = signal<Turn[]>([]);
  private abort: AbortController | null = null;

  constructor(
    private readonly service: Service,
    private readonly changed: (turns: Turn[]) => void = () => {},
  ) {}

  get busy(): boolean {
    return this.turns.value.some(busy);
  }

  async ask(question: string): Promise<void> {
    if (this.busy) return;
    const turn: Turn = {
      key: crypto.randomUUID?.() ?? `${Date.now()}-${this.turns.value.length}`, // only secure pages have the former
      question, phase: "asking", text: "", citations: [], answer: null, error: "",
    }; // prettier-ignore
    const history = this.history();
    this.turns.value = [...this.turns.value, turn];
    await this.answered(turn.key, question, history);
  }

  /** Ask the same again, in the place of a turn that failed, was stopped, or is to be asked anew. */
  async retry({ key, question }: Turn): Promise<void> {
    if (this.busy) return;
    this.update(key, { phase: "asking", text: "", citations: [], answer: null, error: "" });
    await this.answered(key, question, this.history(key));
  }

  stop(): void {
    this.abort?.abort();
  }

  replace(turns: Turn[]): void {
    this.stop();
    this.turns.value = turns;
  }

  private async answered(key: string, question: string, history: unknown): Promise<void> {
    const abort = (this.abort = new AbortController());
    const body = { question, history, stream: true };
    for (let tries = 0; ; tries++) {
      try {
        await this.streamed(key, body, abort.signal);
        break;
      } catch (error) {
        if (abort.signal.aborted) {
          this.update(key, { phase: "stopped" });
          break;
        }
        const pause = PAUSES_MS[tries];
        if (!(error instanceof Lost) || pause === undefined) {
          this.update(key, { phase: "failed", error: (error as Error).message });
          break;
        }
        this.update(key, { phase: "reconnecting", text: "", citations: [], error: error.message });
        await waited(pause, abort.signal);
      }
    }
    this.changed(this.turns.value);
  }

  private async streamed(key: string, body: unknown, signal: AbortSignal): Promise<void> {
    for await (const { name, data } of stream(this.service, "v1/ask", body, signal)) {
      const turn = this.turns.value.find((other) => other.key === key);
      if (!turn) return; // the conversation was left
      if (name === "citation") this.update(key, { citations: [...turn.citations, data] });
      else if (name === "delta") this.update(key, { phase: "writing", text: turn.text + data.text });
      else if (name === "status" && data.stage === "restarting") this.update(key, { text: "", citations: [] });
      else if (name === "final") this.update(key, { phase: "done", answer: data, error: "" });
      else if (name === "error") this.update(key, { phase: "failed", error: explained(data.error) ?? words.value.errors.lost });
      else if (name === "status" && turn.phase === "reconnecting") this.update(key, { phase: "asking", error: "" });
    }
  }

  private update(key: string, change: Partial<Turn>): void {
    this.turns.value = this.turns.value.map((turn) => (turn.key === key ? { ...turn, ...change } : turn));
  }

  /** The messages before a turn, as the service takes them. */
  private history(before?: string): { role: string; content: string }[] {
    const at = this.turns.value.findIndex(({ key }) => key === before);
    const earlier = at < 0 ? this.turns.value : this.turns.value.slice(0, at);
    const messages = earlier.flatMap(({ question, answer }) =>
      answer ? [{ role: "user", content: question }, { role: "assistant", content: answer.answer }] : [],
    );
    return messages.slice(-HISTORY_MESSAGES);
  }
}

function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener("abort", () => resolve());
    addEventListener("online", () => resolve(), { once: true });
  });
}
