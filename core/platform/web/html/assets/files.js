// Sends the files of <input type=file data-devy-upload> by tus while the form is open. Each becomes a line with its
// progress, then what the server puts there, with the token by which the form keeps it.
const prefix = "devy-upload:", day = 86400000, retryMin = 500, retryMax = 30000, atOnce = 2;
const size = (bytes) => bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
const make = (name, properties, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};
// What a page that is loaded again goes on with.
const read = (key) => JSON.parse(localStorage.getItem(key));
const keep = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full */ } };
const forget = (key) => localStorage.removeItem(key);
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const reason = (request) => {
  try {
    const {message, hint} = JSON.parse(request.responseText);
    return `${message} ${hint}`;
  } catch { return `The server answered ${request.status}.`; }
};

class Job {
  constructor(control, file) {
    Object.assign(this, {control, file, key: `${prefix}${file.name}|${file.size}|${file.lastModified}`, wait: retryMin});
    Object.assign(this, read(this.key));
    control.token ||= this.token;
    this.mark = make("span");
    this.words = make("span", {className: "soft"});
    this.verb = make("span", {}, "Cancel");
    this.bar = make("progress", {max: file.size || 1, value: 0, ariaLabel: file.name});
    const button = make("button", {className: "link", type: "button", onclick: () => this.cancel()}, this.verb,
      make("span", {className: "vh"}, ` ${file.name}`));
    this.item = make("li", {},
      make("div", {className: "line"}, make("strong", {}, file.name), this.mark, this.words, button), this.bar);
    control.list.append(this.item);
    this.show("", "waits");
  }
  show(mark, word, words = "") {
    if (this.mark.textContent !== word) this.control.say(`${this.file.name}: ${word}`);
    Object.assign(this.mark, {className: `st ${mark}`, textContent: word});
    this.words.textContent = words;
  }
  // Resolves whatever the status is; it is 0 when the line is cut.
  send(method, url, headers, body) {
    return new Promise((resolve) => {
      const request = this.request = new XMLHttpRequest();
      request.open(method, url);
      for (const [name, value] of Object.entries({"Tus-Resumable": "1.0.0", ...headers}))
        request.setRequestHeader(name, value);
      if (body) request.upload.onprogress = (event) => this.progress(event.loaded);
      request.onloadend = () => resolve(request);
      request.send(body);
    });
  }
  progress(sent) {
    const bytes = this.bar.value = this.offset + sent, all = this.file.size;
    const left = Math.ceil((all - bytes) * (Date.now() - this.since) / 1000 / sent);
    this.show("run", "sending", `${size(bytes)} of ${size(all)}, ${Math.floor(100 * bytes / all)} %` +
      (sent ? `, about ${left} s left` : ""));
  }
  async run() {
    while (!this.isOver) {
      if (await this.step() || this.isOver) continue;
      this.show("hold", "waits", `connection lost; tries again in ${Math.ceil(this.wait / 1000)} s`);
      await new Promise((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, this.wait * (0.75 + Math.random() / 4));
      });
      this.wait = Math.min(this.wait * 2, retryMax);
    }
  }
  // False: it is tried again later.
  async step() {
    if (!this.url) return this.begin();
    const head = await this.send("HEAD", this.url);
    if (head.status !== 200) return this.failed(head);
    this.offset = Number(head.getResponseHeader("Upload-Offset"));
    if (this.offset === this.file.size) return this.finish();
    this.since = Date.now();
    this.progress(0);
    const sent = await this.send("PATCH", this.url,
      {"Upload-Offset": this.offset, "Content-Type": "application/offset+octet-stream"}, this.file.slice(this.offset));
    if (sent.status !== 204) return this.failed(sent);
    this.wait = retryMin;
    return true;
  }
  // One after the other: all files of a form have one token.
  async begin() {
    const {control, file} = this, {turn} = control;
    let end;
    control.turn = new Promise((resolve) => { end = resolve; });
    await turn;
    const {token} = control, made = this.isOver ? {} : await this.send("POST", "/files", {
      "Upload-Length": file.size, "X-CSRF-Token": control.form.elements._csrf.value,
      "Upload-Metadata": `filename ${base64(file.name)},temporary`, ...token && {"Devy-Token": token}});
    if (made.status === 201) {
      const told = (name) => made.getResponseHeader(name);
      const known = {url: told("Location"), id: told("Devy-File"), token: told("Devy-Token") || token, at: Date.now()};
      Object.assign(this, known);
      control.token = known.token;
      keep(this.key, known);
    }
    end();
    // A batch that is full or gone: another one begins.
    const isOther = made.status === 400 && token;
    if (isOther) control.token = "";
    return made.status === 201 || isOther || this.failed(made);
  }
  failed({status}) {
    if (status === 404 || status === 410) {
      forget(this.key);
      this.url = "";
      return true;
    }
    if (!status || status >= 500 || [409, 423, 429].includes(status)) return false;
    return this.refuse(reason(this.request));
  }
  async finish() {
    await htmx.ajax("POST", `/file/${this.id}/chosen`,
      {source: this.item, target: this.item, swap: "outerHTML", values: {upload_token: this.token}});
    return this.item.isConnected ? this.refuse("Load the page again, then choose the file again.") : this.end();
  }
  refuse(text) {
    forget(this.key);
    this.show("bad", "refused");
    this.bar.replaceWith(make("p", {}, text));
    this.verb.textContent = "Remove";
    return this.end();
  }
  cancel() {
    this.isOver = true;
    this.request?.abort();
    if (this.url) this.send("DELETE", this.url);
    forget(this.key);
    this.wake?.();
    this.item.remove();
    this.end();
  }
  end() {
    this.isOver = true;
    this.control.settle();
    return true;
  }
}

class Control {
  constructor(input) {
    Object.assign(this, {input, form: input.form, jobs: new Set(), queue: [], active: 0});
    this.list = make("ul", {className: "talk", ariaLabel: "Files"});
    this.note = make("p", {className: "vh", role: "status"});
    this.hint = make("p", {className: "soft"});
    input.closest(".field").after(this.hint, this.list, this.note);
    input.addEventListener("change", () => this.add());
    this.form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("online", () => { for (const job of this.jobs) job.wake?.(); });
    this.remind();
  }
  say(text) { this.note.textContent = text; }
  add() {
    for (const file of this.input.files) {
      const job = new Job(this, file);
      this.jobs.add(job);
      this.queue.push(job);
    }
    this.input.value = this.hint.textContent = "";
    this.next();
  }
  next() {
    while (this.active < atOnce && this.queue.length) {
      this.active += 1;
      this.queue.shift().run().finally(() => { this.active -= 1; this.next(); });
    }
  }
  // A page that was loaded again has no files.
  remind() {
    const names = [];
    for (const key of Object.keys(localStorage).filter((each) => each.startsWith(prefix)))
      if (Date.now() - read(key)?.at < day) names.push(key.slice(prefix.length).split("|")[0]);
      else forget(key);
    if (names.length) this.hint.textContent = `Not sent yet: ${names.join(", ")}. Choose again to go on.`;
  }
  submit(event) {
    this.isWanted = [...this.jobs].some((job) => !job.isOver);
    if (this.isWanted) {
      event.preventDefault();
      this.hint.textContent = "Sent when all files are uploaded.";
    } else for (const job of this.jobs) forget(job.key);
  }
  settle() {
    if (this.isWanted && [...this.jobs].every((job) => job.isOver)) this.form.requestSubmit();
  }
}

for (const input of document.querySelectorAll("input[data-devy-upload]")) new Control(input);
