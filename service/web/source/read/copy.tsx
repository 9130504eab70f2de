// A button that copies a text and says so.
import { useState } from "preact/hooks";
import { Icon, type IconName } from "../ask/icons";
import { copied } from "./handing";
import { words } from "../words/words";

const SAID_MS = 2000;

interface CopyOf {
  text: string;
  label: string;
  icon?: IconName;
}

export function Copy({ text, label, icon = "copy" }: CopyOf) {
  const [said, say] = useState("");
  const clicked = async () => {
    say((await copied(text)) ? words.value.copied : words.value.notCopied);
    setTimeout(() => say(""), SAID_MS);
  };
  return (
    <button type="button" class="quiet" onClick={clicked}>
      <Icon name={said ? "answered" : icon} />
      <span aria-live="polite">{said || label}</span>
    </button>
  );
}
