// The article that is open beside the view, with the quote in question. One at a time.
import { signal } from "@preact/signals";
import type { Article, Place } from "../ask/answer";
import { call, Lost, type Service } from "../ask/service";

export interface Reading {
  place: Place;
  others: Place[];
  article: Article | null;
  error: string;
}

export class Reader {
  readonly open = signal<Reading | null>(null);
  private control: HTMLElement | null = null;
  private readonly seen = new Map<string, Article>(); // for when the network is gone

  constructor(private readonly service: Service) {}

  /** Opens the article of a place; `others` are marked lightly where they stand in the same article. */
  async show(place: Place, control: HTMLElement | null, others: Place[] = []): Promise<void> {
    this.control?.removeAttribute("aria-current");
    this.control = control;
    control?.setAttribute("aria-current", "true");
    const reading: Reading = { place, others, article: null, error: "" };
    this.open.value = reading;
    try {
      const article = await call<Article>(this.service, `v1/articles/${encodeURIComponent(place.article_id)}`);
      this.seen.set(place.article_id, article);
      if (this.open.value === reading) this.open.value = { ...reading, article };
    } catch (error) {
      const article = error instanceof Lost ? (this.seen.get(place.article_id) ?? null) : null;
      if (this.open.value === reading) this.open.value = { ...reading, article, error: article ? "" : (error as Error).message };
    }
  }

  close(): void {
    this.open.value = null;
    const control = this.control;
    control?.removeAttribute("aria-current");
    this.control = null;
    setTimeout(() => control?.focus()); // what the article covered takes no focus until it is drawn again
  }
}
