// The conversations of this browser beside the present one; on a narrow screen behind a button.
import { useState } from "preact/hooks";
import { Icon } from "../ask/icons";
import { download } from "../read/handing";
import { words } from "../words/words";
import { asMarkdown, begin, conversation, current, forget, kept, resume } from "./conversations";

export function Rail() {
  const [out, pull] = useState(false);
  const turns = conversation.turns.value;
  const chosen = (act: () => void) => () => {
    act();
    pull(false);
  };
  return (
    <aside class={`rail ${out ? "out" : ""}`} aria-label={words.value.conversations}>
      <div class="handles">
        <button type="button" class="quiet handle" aria-expanded={out} onClick={() => pull(!out)}>
          <Icon name="menu" />
          {words.value.conversations}
        </button>
        <button type="button" class="quiet" disabled={turns.length === 0} onClick={chosen(begin)}>
          <Icon name="plus" />
          {words.value.begin}
        </button>
        <button type="button" class="quiet" disabled={turns.length === 0} onClick={exported}>
          <Icon name="save" />
          {words.value.export}
        </button>
      </div>
      <div class="kept">
        {kept.value.length === 0 && <p class="note">{words.value.noneKept}</p>}
        <ul>
          {kept.value.map((item) => (
            <li key={item.id}>
              <button
                type="button"
                class="plain title"
                aria-current={item.id === current.value ? "true" : undefined}
                onClick={chosen(() => resume(item))}
              >
                {item.title}
              </button>
              <button type="button" class="plain" aria-label={words.value.forget(item.title)} onClick={(event) => deleted(event.currentTarget, item.id)}>
                <Icon name="bin" />
              </button>
            </li>
          ))}
        </ul>
      </div>
    </aside>
  );
}

/** The focus stays in the list when the button that had it goes. */
function deleted(control: HTMLElement, id: string): void {
  const item = control.closest("li");
  const beside = item?.nextElementSibling ?? item?.previousElementSibling;
  forget(id);
  (beside?.querySelector<HTMLElement>(".title") ?? document.querySelector<HTMLElement>(".field textarea"))?.focus();
}

const exported = () => download(`${words.value.fileName}.md`, "text/markdown", asMarkdown(conversation.turns.value));
