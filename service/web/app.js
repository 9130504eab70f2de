// The chat page: asks the service and shows the Answer it gets. It composes nothing, and text of others is only ever a text node.

const HISTORY_MESSAGES = 20;
const EXAMPLES = 3;
const HINTS = ["有哪些改革举措？", "取得了哪些成效，有什么数据？"];
const KEY_OF_IME = 229; // what a keydown carries while a Chinese input method is still composing
const STATUS = { answered: "已核实", partial: "部分回答", conflict: "来源说法不一", unanswerable: "无法回答" };
const VERDICT = { exact: "引文中有同样的数字", equal: "引文中有相等的数值", not_found: "引文中没有这个数字" };

const at = (id) => document.getElementById(id);
const narrow = matchMedia("(max-width: 62rem)");
const history = [];
let opener = null; // the control that opened the panel, which gets the focus back

/** An element with properties and children; a string child becomes a text node. */
function el(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

const button = (text, onclick, properties) => el("button", { type: "button", onclick, ...properties }, text);

/** The JSON of a route; an Error with the service's own message when it refuses. */
async function call(route, body) {
  const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(route, body && post).catch(() => {
    throw new Error("连不上服务，请检查网络后再试。");
  });
  const found = await response.json().catch(() => null);
  if (!response.ok || !found) throw new Error(found?.error?.message ?? `服务出错（${response.status}），请稍后再试。`);
  return found;
}

/* ---------- asking ---------- */

async function ask(question) {
  const reply = el("div", { className: "reply", ariaBusy: "true" }, el("p", { className: "waiting" }, "正在查原文"));
  const turn = el("article", { className: "turn" }, el("h2", {}, question), reply);
  at("welcome").hidden = true;
  at("reset").hidden = false;
  at("log").append(turn);
  turn.scrollIntoView();
  at("send").disabled = true;
  try {
    const answer = await call("v1/ask", { question, history: history.slice(-HISTORY_MESSAGES) });
    if (!turn.isConnected) return;
    history.push({ role: "user", content: question }, { role: "assistant", content: answer.answer });
    reply.replaceChildren(...rendered(answer));
  } catch (error) {
    const again = button("再试一次", () => (turn.remove(), ask(question)));
    reply.replaceChildren(el("p", { className: "error" }, error.message), again);
  } finally {
    reply.ariaBusy = "false";
    at("send").disabled = false;
    turn.scrollIntoView();
  }
}

/** What a turn shows: status, bare facts, the answer with its markers, and where it comes from. */
function rendered(answer) {
  const figures = answer.figures.filter((figure) => figure.verdict !== "not_found").length;
  const proven = answer.statements.every((statement) => statement.support === "supported") && figures === answer.figures.length;
  const status = answer.status === "answered" && !proven ? "部分内容未核实" : STATUS[answer.status];
  const mark = answer.status === "answered" && !proven ? "partial" : answer.status;
  const line = el("p", { className: "line" }, el("strong", { className: `status ${mark}` }, status));
  if (answer.reason && !answer.answer.includes(answer.reason)) line.append(el("span", {}, answer.reason));
  if (answer.figures.length) line.append(el("span", {}, `数字核对 ${figures}/${answer.figures.length}`));
  if (answer.composer === "generative") line.append(el("span", {}, `由 ${answer.model ?? "模型"} 撰写`));
  line.append(el("span", {}, `${Math.round(answer.timings_ms.total)} 毫秒`));

  const parts = [line];
  if (answer.short_answers.length) parts.push(el("p", { className: "short" }, answer.short_answers.join("、")));
  parts.push(el("p", { className: "answer" }, ...marked(answer)));
  if (answer.citations.length) {
    const sources = answer.citations.map((citation) => el("li", {}, marker(citation, answer), source(citation, answer)));
    parts.push(el("ol", { className: "sources", ariaLabel: "出处" }, ...sources));
  } else if (answer.retrieved.length) {
    const seen = answer.retrieved.map((passage) => ({ ...passage, quote: passage.text }));
    const items = seen.map((passage) => el("li", {}, source(passage, answer)));
    parts.push(el("details", {}, el("summary", {}, `查过的段落（${seen.length}）`), el("ol", { className: "sources" }, ...items)));
  }
  return parts;
}

/** The answer's text as nodes: `[n]` becomes a button, a figure that the service checked gets its mark. */
function marked(answer) {
  const figures = new Set(answer.figures);
  return answer.answer.split(/(\[\d+\])/).flatMap((piece) => {
    const citation = answer.citations.find(({ n }) => piece === `[${n}]`);
    return citation ? [marker(citation, answer)] : withFigures(piece, figures);
  });
}

function withFigures(text, figures) {
  const nodes = [];
  let from = 0;
  for (const figure of figures) {
    const letters = Array.from(figure.text, (letter) => letter.replace(/[.*+?^${}()|[\]\\]/, "\\$&"));
    const pattern = new RegExp(`(?<![\\d.])${letters.join("\\s*")}(?!\\d)`, "g");
    pattern.lastIndex = from;
    const found = pattern.exec(text);
    if (!found) continue;
    figures.delete(figure);
    const properties = { className: `figure ${figure.verdict}`, title: VERDICT[figure.verdict] };
    nodes.push(text.slice(from, found.index), el("span", properties, found[0]));
    from = pattern.lastIndex;
  }
  return [...nodes, text.slice(from)];
}

function marker(citation, answer) {
  const properties = { className: "marker", ariaLabel: `引文 ${citation.n}：《${citation.title}》` };
  return button(`${citation.n}`, (event) => open(citation, answer, event.currentTarget), properties);
}

function source(place, answer) {
  const about = [place.authors?.join("、"), place.column, place.issue, place.date, place.page && `第${place.page}页`];
  const small = el("small", {}, about.filter(Boolean).join(" · "));
  const text = el("span", {}, `《${place.title}》`, small);
  return button(text, (event) => open(place, answer, event.currentTarget), { className: "source" });
}

/* ---------- the source beside the answer ---------- */

/** Shows the article of a citation, its quote highlighted, the answer's other quotes from it marked lightly. */
async function open(place, answer, control) {
  opener = control;
  document.querySelectorAll("[aria-current]").forEach((node) => node.removeAttribute("aria-current"));
  control.setAttribute("aria-current", "true");
  show({ title: place.title, note: "正在打开原文" });
  at("panel").hidden = false;
  settle();
  at("panel-title").focus({ preventScroll: true });
  try {
    const article = await call(`v1/articles/${encodeURIComponent(place.article_id)}`);
    if (opener !== control) return;
    const letters = Array.from(article.text); // offsets count code points
    const span = located(letters, place);
    const others = answer.citations.filter((other) => other.article_id === article.id).map((other) => located(letters, other));
    show({ ...article, note: span ? "" : `这段引文已不在现在的原文里：“${place.quote}”` });
    at("text").replaceChildren(...paragraphs(article.text, span, others.filter(Boolean)), ...captions(article));
    at("text").querySelector("mark.current")?.scrollIntoView({ block: "center" });
  } catch (error) {
    if (opener === control) show({ title: place.title, note: `${error.message} 引文：“${place.quote}”` });
  }
}

function show({ title, note, authors, column, issue, date, page, reference }) {
  at("panel-title").textContent = title;
  at("byline").textContent = [authors?.join("、"), column, issue, date, page && `第${page}页`].filter(Boolean).join(" · ");
  at("note").textContent = note;
  at("reference").textContent = reference ?? "";
  at("copy").hidden = !reference;
  at("copy").textContent = "复制出处";
  at("text").replaceChildren();
  at("paper").scrollTop = 0;
}

/** [start, end) of a quote in the article as it is now; null when it is no longer there. */
function located(letters, { start = 0, end = 0, quote }) {
  if (letters.slice(start, end).join("") === quote) return [start, end];
  const text = letters.join("");
  const found = text.indexOf(quote);
  const first = Array.from(text.slice(0, found)).length;
  return found < 0 ? null : [first, first + Array.from(quote).length];
}

function paragraphs(text, current, others) {
  const covers = (span, from, to) => span && span[0] <= from && to <= span[1];
  let offset = 0;
  return text.split("\n").map((line) => {
    const letters = Array.from(line);
    const inside = [current, ...others].flatMap((span) => span ?? []).map((cut) => cut - offset);
    const cuts = [0, ...inside.filter((cut) => cut > 0 && cut < letters.length).sort((a, b) => a - b), letters.length];
    const nodes = cuts.slice(1).map((to, i) => {
      const words = letters.slice(cuts[i], to).join("");
      const [first, last] = [cuts[i] + offset, to + offset];
      if (covers(current, first, last)) return el("mark", { className: "current" }, words);
      return others.some((span) => covers(span, first, last)) ? el("mark", {}, words) : words;
    });
    offset += letters.length + 1;
    return el("p", { className: letters.length < 40 && !/[。！？；：…”）]$/.test(line) ? "heading" : "" }, ...nodes);
  });
}

const captions = ({ captions: lines }) =>
  lines?.length ? [el("ul", { ariaLabel: "图片说明" }, ...lines.map((line) => el("li", {}, line)))] : [];

function close() {
  at("panel").hidden = true;
  settle();
  opener?.removeAttribute("aria-current");
  opener?.focus();
  opener = null;
}

/** On a narrow screen the panel covers the conversation, which then takes no focus. */
function settle() {
  at("chat").inert = narrow.matches && !at("panel").hidden;
}

async function copyReference() {
  try {
    await navigator.clipboard.writeText(at("reference").textContent);
    at("copy").textContent = "已复制";
  } catch { // no clipboard outside https and localhost
    getSelection().selectAllChildren(at("reference"));
    at("copy").textContent = "已选中，请按 Ctrl + C";
  }
}

/* ---------- the page ---------- */

async function suggest() {
  const { articles } = await call("v1/articles?limit=50").catch(() => ({ articles: [] }));
  const step = Math.max(1, Math.floor(articles.length / EXAMPLES));
  const titles = articles.filter((_, i) => i % step === 0).slice(0, EXAMPLES).map(({ title }) => `《${title}》主要讲了什么？`);
  const questions = titles.length ? titles : HINTS;
  at("examples").replaceChildren(...questions.map((text) => el("li", {}, button(text, () => ask(text)))));
}

function fit() {
  at("question").style.height = "auto";
  at("question").style.height = `${at("question").scrollHeight}px`;
}

at("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const question = at("question").value.trim();
  if (!question || at("send").disabled) return;
  at("question").value = "";
  fit();
  ask(question);
});
at("question").addEventListener("input", fit);
at("question").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === KEY_OF_IME) return;
  event.preventDefault();
  at("ask").requestSubmit();
});
at("reset").addEventListener("click", () => {
  history.length = 0;
  close();
  at("log").replaceChildren();
  at("welcome").hidden = false;
  at("reset").hidden = true;
  at("question").focus();
});
at("close").addEventListener("click", close);
at("copy").addEventListener("click", copyReference);
document.addEventListener("keydown", (event) => event.key === "Escape" && !at("panel").hidden && close());
narrow.addEventListener("change", settle);
suggest();
