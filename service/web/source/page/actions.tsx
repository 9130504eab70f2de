// What can be done with an answer: copy it with its references, share its question, ask it again.
import { withReferences } from "../ask/answer";
import type { Turn } from "../ask/conversation";
import { Feedback } from "../ask/feedback";
import { Icon } from "../ask/icons";
import { Copy } from "../read/copy";
import { words } from "../words/words";
import { conversation } from "./conversations";
import { here } from "./here";

export function Actions({ turn }: { turn: Turn }) {
  const link = `${location.origin}${location.pathname}?q=${encodeURIComponent(turn.question)}`;
  return (
    <div class="actions" role="group" aria-label={words.value.actions}>
      <Copy text={withReferences(turn.answer!)} label={words.value.copyAnswer} />
      <Copy text={link} label={words.value.copyLink} icon="link" />
      <button type="button" class="quiet" disabled={conversation.busy} onClick={() => void conversation.retry(turn)}>
        <Icon name="again" />
        {words.value.again}
      </button>
      <Feedback key={turn.answer!.id} service={here} answer={turn.answer!} />
    </div>
  );
}
