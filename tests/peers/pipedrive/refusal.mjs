// An answer that is an error, as the API words it.
export class Refusal extends Error {
  constructor(status, message, { headers = {}, body } = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.body = body ?? {
      success: false,
      error: message,
      error_info: "Please check developers.pipedrive.com for more information about Pipedrive API.",
      data: null,
      additional_data: null,
    };
  }
}
