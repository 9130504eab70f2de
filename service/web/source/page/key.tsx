// Asks for the key of a service that wants one, keeps it in the browser, and does again what was refused.
import { useState } from "preact/hooks";
import { words } from "../words/words";
import { conversation } from "./conversations";
import { unlock } from "./here";

export function Key() {
  const [key, write] = useState("");
  const entered = (event: Event) => {
    event.preventDefault();
    unlock(key.trim());
    const last = conversation.turns.value.at(-1);
    if (last?.phase === "failed") void conversation.retry(last);
    else location.reload();
  };
  return (
    <form class="banner key" onSubmit={entered}>
      <label for="key">{words.value.needsKey}</label>
      <input id="key" type="password" autocomplete="off" value={key} onInput={(event) => write(event.currentTarget.value)} />
      <button type="submit" class="quiet">
        {words.value.enter}
      </button>
    </form>
  );
}
