// The members that requests may have, and what each must be; any other one is refused, as the API
// refuses person_id, which is read-only.
import { Refusal } from "./refusal.mjs";

const isId = (value) => Number.isInteger(value) && value > 0;
const isText = (value) => typeof value === "string";
const isShort = (value) => isText(value) && [...value].length <= 255;
const isTruth = (value) => typeof value === "boolean";

const ACTIVITY = {
  subject: isShort,
  type: isShort,
  owner_id: isId,
  deal_id: isId,
  lead_id: isText,
  org_id: isId,
  project_id: isId,
  due_date: isText,
  due_time: isText,
  duration: isText,
  busy: isTruth,
  done: isTruth,
  note: isText,
  public_description: isText,
};
const DEAL = {
  title: (value) => isShort(value) && value !== "",
  owner_id: isId,
  person_id: isId,
  org_id: isId,
  pipeline_id: isId,
  stage_id: isId,
  value: (value) => typeof value === "number",
  currency: isText,
  status: isText,
};
export const FIELDS = { activities: ACTIVITY, deals: DEAL };

export function checkFields(kind, document) {
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw new Refusal(400, "Request body must be an object");
  for (const [name, value] of Object.entries(document)) {
    const isGood = FIELDS[kind][name];
    if (!isGood) throw new Refusal(400, `Parameter '${name}' is not allowed`);
    if (!isGood(value)) throw new Refusal(400, `Parameter '${name}' has an invalid value`);
  }
}
