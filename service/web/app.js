// The chat page: puts questions to the service and shows the Answer it gets. It composes nothing itself,
// and text from outside only ever becomes a text node.

const HISTORY_MESSAGES = 20;
const EXAMPLES = 3;
const HINTS = ["有哪些改革举措？", "取得了哪些成效？有什么数据？"];
const KEY_OF_IME = 229; // what some browsers report for Enter while an input method is still composing
const STATUS = { answered: "已核实", partial: "部分回答", conflict: "来源说法不一", unanswerable: "无法回答" };
const VERDICT = { exact: "引文中有同样的数字", equal: "引文中有相等的数值", not_found: "引文中没有这个数字" };

const at = (id) => document.getElementById(id);
const narrow = matchMedia("(max-width: 62rem)"); // as in style.css
const history = [];
let opener = null; // the control that opened the panel and gets the focus back

/** An element with properties and children; a string child becomes a text node. */
function el(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

const button = (content, onclick, properties) => el("button", { type: "button", onclick, ...properties }, content);

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
  const reply = el("div", { ariaBusy: "true" }, el("p", { className: "waiting" }, "正在查原文…"));
  const turn = el("article", { className: "turn" }, el("h2", {}, question), reply);
  at("welcome").hidden = true;
  at("reset").hidden = false;
  at("send").disabled = true;
  at("log").append(turn);
  turn.scrollIntoView();
  try {
    const answer = await call("v1/ask", { question, history: history.slice(-HISTORY_MESSAGES) });
    if (!turn.isConnected) return; // a new conversation has begun meanwhile
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

/** What a turn shows: how far it is proven, the bare facts, the answer with its markers, and its sources. */
function rendered(answer) {
  const { status, reason, figures, citations, retrieved } = answer;
  const checked = figures.filter(({ verdict }) => verdict !== "not_found").length;
  const proven = checked === figures.length && answer.statements.every(({ support }) => support === "supported");
  const doubt = status === "answered" && !proven;
  const remarks = [
    reason && !answer.answer.includes(reason) && reason,
    figures.length && `数字核对 ${checked}/${figures.length}`,
    answer.composer === "generative" && `由模型 ${answer.model ?? ""} 撰写`,
    `${Math.round(answer.timings_ms.total)} 毫秒`,
  ];
  const label = el("strong", { className: `status ${doubt ? "partial" : status}` }, doubt ? "未全部核实" : STATUS[status]);
  const parts = [el("p", { className: "line" }, label, ...remarks.filter(Boolean).map((remark) => el("span", {}, remark)))];
  if (answer.short_answers.length) parts.push(el("p", { className: "short" }, answer.short_answers.join("、")));
  parts.push(el("p", { className: "answer" }, ...marked(answer)));
  const items = citations.map((citation) => el("li", {}, marker(citation, answer), source(citation, about(citation), answer)));
  if (items.length) parts.push(el("ol", { className: "sources", ariaLabel: "出处" }, ...items));
  if (items.length || !retrieved.length) return parts;
  const seen = retrieved.map((passage) => el("li", {}, source({ ...passage, quote: passage.text }, passage.text, answer)));
  return [...parts, el("details", {}, el("summary", {}, `查过的段落（${seen.length}）`), el("ol", { className: "sources" }, ...seen))];
}

/** The text of an answer as nodes: `[n]` becomes a button, a figure that the service checked gets its mark. */
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
    const pattern = new RegExp(`(?<![\\d.])${letters.join("\\s*")}(?!\\d)`, "g"); // figures come without spaces
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

function source(place, remark, answer) {
  const content = el("span", {}, `《${place.title}》`, el("small", {}, remark));
  return button(content, (event) => open(place, answer, event.currentTarget), { className: "source" });
}

const about = ({ authors, column, issue, date, page }) =>
  [authors.join("、"), column, issue, date, page && `第${page}页`].filter(Boolean).join(" · ");

/* ---------- the source beside the answer ---------- */

/** Shows the article of a quote with the quote highlighted, and the answer's other quotes from it marked lightly. */
async function open(place, answer, control) {
  opener?.removeAttribute("aria-current");
  opener = control;
  opener.setAttribute("aria-current", "true");
  show(place.title, "正在打开原文…");
  at("panel").hidden = false;
  settle();
  at("title").focus({ preventScroll: true });
  try {
    const article = await call(`v1/articles/${encodeURIComponent(place.article_id)}`);
    if (opener !== control) return;
    const letters = Array.from(article.text); // offsets count code points
    const span = located(letters, place);
    const others = answer.citations.filter(({ article_id: id }) => id === article.id).map((other) => located(letters, other));
    show(article.title, span ? "" : `现在的原文里已没有这段引文：“${place.quote}”`, about(article), article.reference);
    at("text").append(...paragraphs(article.text, span, others.filter(Boolean)));
    if (article.captions.length) at("text").append(el("ul", {}, ...article.captions.map((caption) => el("li", {}, caption))));
    at("text").querySelector("mark.current")?.scrollIntoView({ block: "center" });
  } catch (error) {
    if (opener === control) show(place.title, `${error.message} 引文：“${place.quote}”`);
  }
}

function show(title, note, byline = "", reference = "") {
  for (const [id, text] of Object.entries({ title, note, byline, reference, copy: "复制出处", text: "" })) at(id).textContent = text;
  at("copy").hidden = !reference;
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
  const cuts = [...new Set([current, ...others].flatMap((span) => span ?? []))].sort((a, b) => a - b);
  let offset = 0;
  return text.split("\n").map((line) => {
    const letters = Array.from(line);
    const first = offset;
    const last = first + letters.length;
    offset = last + 1;
    const bounds = [first, ...cuts.filter((cut) => first < cut && cut < last), last];
    const nodes = bounds.slice(1).map((to, i) => {
      const from = bounds[i];
      const words = letters.slice(from - first, to - first).join("");
      const within = (span) => span && span[0] <= from && to <= span[1];
      if (!within(current) && !others.some(within)) return words;
      return el("mark", { className: within(current) ? "current" : "" }, words);
    });
    return el("p", { className: last - first < 40 && !/[。！？；：…”）]$/.test(line) ? "heading" : "" }, ...nodes);
  });
}

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
  const { articles } = await call("v1/articles?limit=100").catch(() => ({ articles: [] }));
  const step = Math.max(1, Math.floor(articles.length / EXAMPLES));
  const titles = articles.filter((_, i) => i % step === 0).slice(0, EXAMPLES).map(({ title }) => `《${title}》主要讲了什么？`);
  const questions = titles.length ? titles : HINTS;
  at("examples").append(...questions.map((question) => el("li", {}, button(question, () => ask(question)))));
}

function fit() {
  at("question").style.height = "auto";
  at("question").style.height = `${at("question").scrollHeight + 2}px`;
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
  close();
  history.length = 0;
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
