// Pipedrive's own client does against a server what our client does too, and checks what it gets.
// The server's record shows afterwards what it sent.
// usage: node use_pipedrive.mjs API_URL TOKEN
import assert from "node:assert";
import { ActivitiesApi, Configuration, DealsApi } from "pipedrive/v2";

const [url, token] = process.argv.slice(2);
const configuration = new Configuration({ apiKey: token, basePath: url });
const activities = new ActivitiesApi(configuration);
const deals = new DealsApi(configuration);

// The client throws the body of an answer that is an error.
const refusal = async (promise) => {
  const thrown = await promise.then(
    () => assert.fail("it is not refused"),
    (error) => error,
  );
  assert.equal(thrown.success, false);
  return thrown.error;
};

const deal = await deals.addDeal({ AddDealRequest: { title: "alice" } });
assert.ok(deal.success);
const added = await activities.addActivity({
  AddActivityRequest: {
    subject: "a.md",
    type: "task",
    done: false,
    note: "<p>x</p>",
    deal_id: deal.data.id,
  },
});
assert.equal(added.data.subject, "a.md");
const changed = await activities.updateActivity({
  id: added.data.id,
  AddActivityRequest: { note: "<p>new</p>" },
});
assert.equal(changed.data.note, "<p>new</p>");
assert.equal(changed.data.subject, "a.md");

// By pages of one.
const since = "2020-01-01T00:00:00Z";
await activities.addActivity({ AddActivityRequest: { subject: "b.md", type: "task" } });
const first = await activities.getActivities({ updated_since: since, limit: 1 });
assert.equal(first.data.length, 1);
const second = await activities.getActivities({
  updated_since: since,
  limit: 1,
  cursor: first.additional_data.next_cursor,
});
assert.equal(second.data[0].subject, "b.md");
assert.equal(second.additional_data.next_cursor, null);
const later = await activities.getActivities({ updated_since: "2100-01-01T00:00:00Z" });
assert.deepEqual(later.data, []);
const found = await deals.getDeals({ updated_since: since, limit: 500 });
assert.equal(found.data[0].title, "alice");

const wrong = { subject: "c.md", person_id: 3 };
assert.match(await refusal(activities.addActivity({ AddActivityRequest: wrong })), /'person_id'/);
assert.match(
  await refusal(activities.updateActivity({ id: 999, AddActivityRequest: {} })),
  /not found/,
);
await fetch(new URL("/_control", url), {
  method: "POST",
  body: JSON.stringify({
    do: "faults",
    rules: [{ path: "activities", status: 429, message: "Too many requests" }],
  }),
});
assert.match(await refusal(activities.getActivities({})), /Too many/);
const other = new ActivitiesApi(new Configuration({ apiKey: "wrong", basePath: url }));
assert.match(await refusal(other.getActivities({})), /Unauthorized/);
