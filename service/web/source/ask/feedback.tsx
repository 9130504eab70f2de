// A thumb up or down for an answer, and where the reader wants to, a word about what was wrong.
import { useState } from "preact/hooks";
import { words } from "../words/words";
import type { Answer } from "./answer";
import { Icon } from "./icons";
import { call, type Service } from "./service";

type Rating = "up" | "down";

export function Feedback({ service, answer }: { service: Service; answer: Answer }) {
  const [rating, rate] = useState<Rating | null>(null);
  const [comment, write] = useState("");
  const [said, say] = useState("");
  const [done, finish] = useState(false);
  const sent = async (chosen: Rating, remark: string) => {
    try {
      await call(service, "v1/feedback", { answer_id: answer.id, rating: chosen, ...(remark && { comment: remark }) });
      say(words.value.thanks);
      finish(true);
    } catch (error) {
      say((error as Error).message);
    }
  };
  const chosen = (next: Rating) => {
    rate(next);
    if (next === "up") void sent(next, "");
  };
  if (!answer.id) return null;
  return (
    <>
      {(["up", "down"] as const).map((thumb) => (
        <button
          type="button"
          class="quiet"
          aria-label={words.value.thumb[thumb]}
          title={words.value.thumb[thumb]}
          aria-pressed={rating === thumb}
          disabled={done}
          onClick={() => chosen(thumb)}
        >
          <Icon name={thumb} />
        </button>
      ))}
      {rating === "down" && !done && (
        <form
          class="comment"
          onSubmit={(event) => {
            event.preventDefault();
            void sent("down", comment.trim());
          }}
        >
          <input
            aria-label={words.value.whatIsWrong}
            placeholder={words.value.whatIsWrong}
            value={comment}
            maxLength={2000}
            onInput={(event) => write(event.currentTarget.value)}
          />
          <button type="submit" class="quiet">
            {words.value.submit}
          </button>
        </form>
      )}
      <span class="remark" role="status">
        {said}
      </span>
    </>
  );
}
