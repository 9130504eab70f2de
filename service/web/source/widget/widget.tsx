// The widget: a custom element `<wence-chat>` that asks the service its script came from. One script tag is enough:
//   <script src="https://wence.example/widget.js" data-token="…" defer></script>
// Everything lives in a shadow root with style sheets of its own, so that neither side's style reaches the other.
import { render } from "preact";
import { Conversation } from "../ask/conversation";
import type { Service } from "../ask/service";
import { Reader } from "../read/reading";
import css from "../style/widget.css";
import { language, preferred } from "../words/words";
import { Panel } from "./panel";

const NAME = "wence-chat";
const ATTRIBUTES = ["token", "theme", "language", "accent", "heading", "inline", "open"];
const script = document.currentScript as HTMLScriptElement | null;
const base = new URL(".", script?.src || location.href).href;

class WenceChat extends HTMLElement {
  static observedAttributes = ATTRIBUTES;
  private readonly service: Service = { base, forbidden };
  private readonly conversation = new Conversation(this.service);
  private readonly reader = new Reader(this.service);
  private readonly root = this.attachShadow({ mode: "open" });

  connectedCallback(): void {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.root.adoptedStyleSheets = [sheet];
    this.drawn();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.drawn();
  }

  disconnectedCallback(): void {
    this.conversation.stop();
    render(null, this.root);
  }

  private drawn(): void {
    const said = (name: string) => this.getAttribute(name) ?? "";
    this.service.token = said("token");
    language.value = said("language") ? (said("language").startsWith("zh") ? "zh" : "en") : preferred();
    if (/^#[0-9a-f]{3,8}$|^[a-z]+$/i.test(said("accent"))) this.style.setProperty("--seal", said("accent"));
    render(
      <Panel
        service={this.service}
        conversation={this.conversation}
        reader={this.reader}
        heading={said("heading")}
        inline={this.hasAttribute("inline")}
        opened={this.hasAttribute("open")}
      />,
      this.root,
    );
  }
}

/** The script may be fetched by every page, and questions only by those that the token is for: the difference tells. */
async function forbidden(): Promise<boolean> {
  const reached = await fetch(`${base}widget.js`, { method: "HEAD", cache: "no-store" }).catch(() => null);
  return reached?.ok ?? false;
}

if (!customElements.get(NAME)) customElements.define(NAME, WenceChat);

/** A page that has not put the element anywhere gets one, with what its script tag says. */
function place(): void {
  if (document.querySelector(NAME)) return;
  const element = document.createElement(NAME);
  for (const name of ATTRIBUTES) {
    const value = script?.getAttribute(`data-${name}`);
    if (value != null) element.setAttribute(name, value);
  }
  document.body.append(element);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
else place();
