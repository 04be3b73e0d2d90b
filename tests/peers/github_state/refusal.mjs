// A refusal is an answer without a document: whoever finds the reason throws it, and the server
// sends it.
const DOCUMENTATION = "https://docs.github.com/rest";

export class Refusal extends Error {
  constructor(status, message, { more = {}, headers = {}, documentation = DOCUMENTATION } = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.body = { message, ...more, documentation_url: documentation, status: String(status) };
  }
}

export const notFound = () => new Refusal(404, "Not Found");

export const unprocessable = (resource, field, code = "invalid") =>
  new Refusal(422, "Validation Failed", { more: { errors: [{ resource, field, code }] } });

// GitHub repeats the address in the body.
export function moved(url, status = 301) {
  const message = status === 301 ? "Moved Permanently" : "Temporary Redirect";
  const refusal = new Refusal(status, message, { more: { url }, headers: { Location: url } });
  delete refusal.body.status;
  return refusal;
}
