// The chat page: shows what /preview/events tells and sends what the person does. No markup is ever built from text.
export const TEXTS = {
  fa: { bot: "ربات", typing: "در حال نوشتن…", sending: "در حال فرستادن پرونده…", lost: "در حال اتصال…", badge: "پیش‌نمایش", other: "English", write: "پیام", edited: "ویرایش‌شده",
    pinned: "پیامی سنجاق شد", joined: "به گفت‌وگو پیوست", question: "این ربات چه می‌کند؟", start: "شروع", copied: "رونوشت شد", ok: "باشه", attach: "فرستادن پرونده", commands: "فرمان‌ها", send: "فرستادن", down: "رفتن به پایین", failed: "فرستاده نشد" },
  en: { bot: "bot", typing: "typing…", sending: "sending a file…", lost: "connecting…", badge: "Preview", other: "فارسی", write: "Message", edited: "edited",
    pinned: "A message was pinned", joined: "joined", question: "What can this bot do?", start: "Start", copied: "Copied", ok: "OK", attach: "Send a file", commands: "Commands", send: "Send", down: "Scroll down", failed: "Not sent" },
};
const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote", text_link: "a", url: "a" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const $ = (id) => document.getElementById(id);
const shown = new Map(); // message id → its element
let person = { language: "fa", commands: [], bot: {} }, asked = null, unread = 0, chosen = 0, quietly = true, atEnd = true, lastDay = "", timers = {};

const words = () => TEXTS[person.language] ?? TEXTS.en;
const locale = () => (person.language === "fa" ? "fa-IR" : "en-GB");
const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child != null));
  return made;
};
const post = async (path, body) => {
  const form = body instanceof FormData;
  const response = await fetch(`/preview/${path}`, { method: "POST", body: form ? body : JSON.stringify(body), headers: form ? {} : { "Content-Type": "application/json" } });
  if (!response.ok) toast(words().failed);
  return response.ok ? response.json() : {};
};
const toast = (text) => {
  $("toast").textContent = text;
  $("toast").hidden = !text;
  clearTimeout(timers.toast);
  timers.toast = setTimeout(() => ($("toast").hidden = true), 3500);
};
const link = (address, properties, ...children) => /^(https?|tg|ton):/i.test(address)
  ? element("a", { href: address, target: "_blank", rel: "noopener noreferrer", ...properties }, ...children) : element("span", properties, ...children);

// ── a message ───────────────────────────────────────────────────────────────────────────────────────────────────────
function rich(text, entities) {
  let at = 0, next = 0;
  const fill = (parent, end) => {
    let afterBlock = false;
    const plain = (to, beforeBlock) => { // a block makes its own line: the line breaks around it are not shown
      let piece = text.slice(at, to);
      if (afterBlock) piece = piece.replace(/^\n/, "");
      if (beforeBlock) piece = piece.replace(/\n$/, "");
      if (to > at) afterBlock = false;
      at = to;
      parent.append(piece);
    };
    while (next < entities.length && entities[next].offset < end) {
      const entity = entities[next++], block = BLOCKS.has(entity.type);
      plain(Math.max(at, entity.offset), block);
      const inside = wrap(entity, text.slice(entity.offset, entity.offset + entity.length));
      parent.append(inside);
      fill(inside, Math.min(end, entity.offset + entity.length));
      afterBlock = block;
    }
    plain(Math.max(at, end), false);
  };
  const fragment = document.createDocumentFragment();
  fill(fragment, text.length);
  return fragment;
}
function wrap(entity, text) {
  if (entity.type === "text_link" || entity.type === "url") return link(entity.url ?? text, {});
  if (entity.type === "bot_command") return element("span", { className: "tag", onclick: () => say(text) });
  if (entity.type === "spoiler") return element("span", { className: "spoiler", onclick: (event) => event.currentTarget.classList.add("seen") });
  const made = element(TAGS[entity.type] ?? "span", TAGS[entity.type] ? {} : { className: "tag" });
  if (made.tagName === "BLOCKQUOTE") made.dir = "auto";
  if (entity.type === "expandable_blockquote") {
    made.className = "folded";
    made.onclick = (event) => event.target.closest("a") || (made.classList.toggle("folded"), made.classList.toggle("open"));
  }
  return made;
}
function attachment(message) {
  if (message.photo) {
    const { file_id, width, height } = message.photo.at(-1);
    return link(`${location.origin}/preview/file/${file_id}`, { className: "photo" }, element("img", { src: `/preview/file/${file_id}`, width, height, alt: "" }));
  }
  const { file_id, file_name, file_size } = message.document;
  const [unit, of] = file_size < 1024 ? ["byte", 1] : file_size < 2 ** 20 ? ["kilobyte", 1024] : ["megabyte", 2 ** 20];
  const size = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1, style: "unit", unit, unitDisplay: person.language === "fa" ? "long" : "short" }).format(file_size / of);
  const kind = element("i", { textContent: file_name.includes(".") ? file_name.split(".").pop().slice(0, 5) : "…" });
  const label = element("span", {}, element("b", { dir: "auto", textContent: file_name }), element("small", { dir: "auto", textContent: size }));
  return element("a", { className: "document", href: `/preview/file/${file_id}`, download: file_name }, kind, label);
}
function keyboard(message) {
  return (message.reply_markup?.inline_keyboard ?? []).map((row, at) => element("div", { className: "row" }, ...row.map((button, column) => {
    const made = button.url ? link(button.url, { dir: "auto" }, button.text) : element("button", { type: "button", dir: "auto", textContent: button.text });
    if (button.url || button.copy_text) made.dataset.sign = button.url ? "↗" : "⧉";
    if (button.copy_text) made.onclick = () => navigator.clipboard.writeText(button.copy_text.text).then(() => toast(words().copied));
    else if (!button.url) made.onclick = () => press(made, message.message_id, at, column);
    return made;
  })));
}
function draw(message) {
  if (message.pinned_message || message.new_chat_members) return element("li", { className: "service", textContent: message.pinned_message ? words().pinned : words().joined });
  const text = message.text ?? message.caption, file = message.photo || message.document ? attachment(message) : null;
  const clock = new Date(message.date * 1000).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const meta = element("time", { className: "meta", textContent: (message.edit_date ? `${words().edited} ` : "") + clock });
  const answered = message.reply_to_message && element("div", { className: "answered", dir: "auto", textContent: message.reply_to_message.text ?? message.reply_to_message.caption ?? "…" });
  const body = text && element("div", { className: "text", dir: "auto" }, rich(text, message.entities ?? message.caption_entities ?? []));
  const reactions = message.reactions.map((emoji) => element("span", { className: "reaction", textContent: emoji }));
  const short = body && !file && text.length < 40 && !text.includes("\n");
  const bubble = element("div", { className: "bubble" }, answered, file, ...(short ? [element("div", { className: "short" }, body, meta)] : [body, meta]), ...reactions);
  const rows = keyboard(message);
  return element("li", { className: `message ${message.mine ? "mine" : "theirs"}${rows.length || message.photo ? " wide" : ""}`, id: `message-${message.message_id}` }, bubble, ...rows);
}
function place(message) {
  const known = shown.get(message.message_id), made = draw(message), stay = atEnd;
  shown.set(message.message_id, made);
  $("intro").hidden = $("start").hidden = true;
  $("composer").hidden = false;
  if (known) known.replaceWith(made);
  else {
    const day = new Date(message.date * 1000).toLocaleDateString(locale(), { day: "numeric", month: "long" });
    if (day !== lastDay) $("messages").append(element("li", { className: "day", textContent: (lastDay = day) }));
    if (!quietly) made.classList.add("new");
    $("messages").append(made);
    if (!message.mine) act("");
  }
  for (const quote of made.querySelectorAll("blockquote.folded")) if (quote.scrollHeight <= quote.clientHeight + 4) quote.classList.remove("folded"), (quote.onclick = null);
  if (stay || message.mine) bottom();
  else if (!known) $("down").hidden = false, ($("down").firstChild.textContent = new Intl.NumberFormat(locale()).format(++unread));
}
const bottom = () => ($("scroll").scrollTop = $("scroll").scrollHeight);

// ── what the person does ────────────────────────────────────────────────────────────────────────────────────────────
async function say(text) {
  const answering = asked?.kind === "force_reply" ? asked.message_id : undefined;
  await post("say", { text, reply_to: answering });
}
async function press(button, message_id, row, column) {
  button.classList.add("waiting");
  const answer = await post("press", { message_id, row, column });
  button.classList.remove("waiting");
  if (answer.url) window.open(answer.url, "_blank", "noopener");
  if (answer.text && answer.alert) $("alert").firstChild.textContent = answer.text, $("alert").showModal();
  else if (answer.text) toast(answer.text);
}
function suggest() {
  const typed = $("input").value, matching = /^\/\w*$/.test(typed) ? person.commands.filter(({ command }) => `/${command}`.startsWith(typed)).sort((one, other) => (other.command === typed.slice(1)) - (one.command === typed.slice(1))) : [];
  chosen = 0;
  $("menu").replaceChildren(...matching.map(({ command, description }, at) => element("li", { role: "option", ariaSelected: at === 0, onclick: () => take(command, true) }, element("b", { textContent: `/${command}` }), element("span", { dir: "auto", textContent: description }))));
  $("menu").hidden = !matching.length;
  $("input").style.height = "auto";
  $("input").style.height = `${$("input").scrollHeight}px`;
}
function take(command, send) {
  $("input").value = send ? "" : `/${command} `;
  if (send) say(`/${command}`);
  suggest();
  $("input").focus();
}
function submit() {
  const text = $("input").value;
  if (text.trim()) say(text);
  $("input").value = "";
  suggest();
}
$("input").addEventListener("input", suggest);
$("input").addEventListener("keydown", (event) => {
  const options = [...$("menu").children], step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length) {
    chosen = (chosen + step + options.length) % options.length;
    options.forEach((option, at) => (option.ariaSelected = at === chosen));
    options[chosen].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Tab" && options.length) take(options[chosen].firstChild.textContent.slice(1), false);
  else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) options.length ? options[chosen].click() : submit();
  else return;
  event.preventDefault();
});
$("composer").addEventListener("submit", (event) => (event.preventDefault(), submit()));
$("slash").addEventListener("click", () => (($("input").value = $("menu").hidden ? "/" : ""), suggest(), $("input").focus()));
$("start").addEventListener("click", () => say("/start"));
$("reply").lastElementChild.addEventListener("click", () => ask(null));
$("language").addEventListener("click", () => post("language", { language: person.language === "fa" ? "en" : "fa" }));
$("down").addEventListener("click", bottom);
$("scroll").addEventListener("scroll", () => {
  atEnd = $("scroll").scrollHeight - $("scroll").scrollTop - $("scroll").clientHeight < 90;
  if (atEnd) unread = 0, ($("down").hidden = true);
});
new ResizeObserver(() => atEnd && bottom()).observe($("scroll")); // the footer grew, or the window shrank
$("file").addEventListener("change", async ({ target }) => {
  for (const file of target.files) { const form = new FormData(); form.append("file", file); await post("file", form); }
  target.value = "";
});

// ── what the events tell ────────────────────────────────────────────────────────────────────────────────────────────
function act(action) {
  clearTimeout(timers.action);
  $("status").textContent = !action ? words().bot : action === "typing" ? words().typing : words().sending;
  if (action) timers.action = setTimeout(() => act(""), 5500);
}
function ask(question) {
  asked = question;
  $("input").placeholder = question?.placeholder || words().write;
  $("reply").hidden = question?.kind !== "force_reply";
  $("reply").firstElementChild.textContent = question?.text ?? "";
  const rows = question?.kind === "keyboard" ? question.rows : [];
  $("keys").replaceChildren(...rows.map((row) => element("div", { className: "row" }, ...row.map((text) => element("button", { type: "button", dir: "auto", textContent: text, onclick: () => say(text) })))));
  $("keys").hidden = !rows.length;
}
function introduce(someone) {
  person = someone;
  const rtl = words() === TEXTS.fa;
  Object.assign(document.documentElement, { lang: person.language, dir: rtl ? "rtl" : "ltr" });
  document.title = $("name").textContent = person.name || person.bot.first_name;
  for (const [id, text] of [["badge", "badge"], ["language", "other"], ["question", "question"], ["start", "start"]]) $(id).textContent = words()[text];
  for (const [id, text] of [["slash", "commands"], ["attach", "attach"], ["send", "send"], ["down", "down"]]) $(id).title = $(id).ariaLabel = words()[text];
  $("description").textContent = person.description;
  $("alert").querySelector("button").textContent = words().ok;
  act("");
  ask(asked);
  suggest();
}
const events = new EventSource("/preview/events");
const on = (name, react) => events.addEventListener(name, ({ data }) => react(JSON.parse(data)));
on("state", (state) => {
  shown.clear();
  $("messages").replaceChildren();
  lastDay = "";
  quietly = true;
  introduce(state.person);
  const empty = !state.messages.length;
  $("intro").hidden = $("start").hidden = !empty;
  $("composer").hidden = empty;
  state.messages.forEach(place);
  ask(state.asked);
  bottom();
  quietly = false;
});
on("message", place);
on("deleted", (id) => (shown.get(id)?.remove(), shown.delete(id)));
on("asked", ask);
on("action", act);
on("person", introduce);
events.onerror = () => ($("status").textContent = words().lost);
