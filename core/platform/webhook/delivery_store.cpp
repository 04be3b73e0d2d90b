#include "core/platform/webhook/delivery_store.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "core/platform/base/error.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::webhook {
namespace {

using base::Error;
using base::ErrorKind;

// Header values are any bytes; a column is UTF-8 without U+0000.
std::string headers_json(const NewDelivery& delivery) {
  auto object = nlohmann::json::object();
  for (const auto& [name, value] : delivery.headers)
    object[name] = value;
  return object.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::optional<std::string> unless_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

constexpr pg::Statement call_deliveries_record{"deliveries_record", R"sql(
  select o_place, o_is_busy, o_is_new, o_verdict, o_reason, o_upload_id, o_state
    from deliveries_record(
      p_guid => $1::uuid[],
      p_event => $2::text[],
      p_action => $3::text[],
      p_github_id => $4::bigint[],
      p_sender => $5::inet[],
      p_headers => $6::jsonb[],
      p_body => $7::bytea[],
      p_verdict => $8::text[],
      p_reason => $9::text[],
      p_upload_id => $10::uuid[],
      p_branch => $11::text[],
      p_default_branch => $12::text[],
      p_url => $13::text[],
      p_owner => $14::text[],
      p_name => $15::text[],
      p_is_private => $16::boolean[],
      p_installation => $17::bigint[],
      p_event_at => $18::timestamptz[],
      p_revision => $19::text[],
      p_renderer => $20::integer,
      p_max_attempts => $21::integer,
      p_waits_for_locks => $22::boolean))sql",
                                               true};

using Column = std::vector<std::optional<std::string>>;

std::optional<std::string> text_of(std::optional<std::int64_t> number) {
  if (!number) return std::nullopt;
  return std::to_string(*number);
}

// The columns of a push; all null when there is none.
struct PushColumns {
  Column upload, branch, default_branch, url, owner, name, is_private, installation, event_at,
      revision;
  int max_attempts = 0, renderer_version = 0;

  void add(const std::optional<PushedTo>& push) {
    const auto to = push.value_or(PushedTo());
    std::optional<std::string> id, truth, at;
    if (push) id = base::system_random().uuid();
    if (to.is_private) truth = *to.is_private ? "t" : "f";
    if (to.pushed_at) at = base::format_rfc3339(*to.pushed_at);
    if (push) {
      // The same for all entries: one comes from the configuration, the other from the program.
      max_attempts = to.max_attempts;
      renderer_version = to.renderer_version;
    }
    upload.push_back(std::move(id));
    branch.push_back(unless_empty(to.branch));
    default_branch.push_back(unless_empty(to.default_branch));
    url.push_back(unless_empty(to.url));
    owner.push_back(unless_empty(to.owner));
    name.push_back(unless_empty(to.name));
    is_private.push_back(std::move(truth));
    installation.push_back(text_of(to.installation));
    event_at.push_back(std::move(at));
    revision.push_back(unless_empty(to.commit));
  }
};

pg::Params columns_of(const std::vector<const DeliveryEntry*>& entries, bool waits_for_locks) {
  Column guid, event, action, github_id, sender, headers, verdict, reason;
  std::vector<pg::Bytes> body;
  PushColumns push;
  for (const auto* entry : entries) {
    const auto& delivery = entry->delivery;
    guid.emplace_back(delivery.guid);
    event.emplace_back(delivery.event);
    action.push_back(unless_empty(delivery.action));
    github_id.push_back(text_of(delivery.github_id));
    sender.push_back(unless_empty(delivery.sender));
    headers.emplace_back(headers_json(delivery));
    body.push_back({delivery.body});
    verdict.emplace_back(to_string(delivery.verdict));
    reason.push_back(unless_empty(delivery.reason));
    push.add(entry->push);
  }
  return pg::Params(guid, event, action, github_id, sender, headers, body, verdict, reason,
                    push.upload, push.branch, push.default_branch, push.url, push.owner, push.name,
                    push.is_private, push.installation, push.event_at, push.revision,
                    push.renderer_version, push.max_attempts, waits_for_locks);
}

std::vector<RecordedDelivery> record(pg::Connection& connection,
                                     const std::vector<const DeliveryEntry*>& entries,
                                     bool waits_for_locks) {
  std::vector<RecordedDelivery> answers(entries.size());
  const auto rows = connection.query(call_deliveries_record, columns_of(entries, waits_for_locks));
  if (static_cast<std::size_t>(rows.size()) != entries.size())
    throw Error(ErrorKind::internal, "unable to record deliveries: not every one was answered");
  for (const auto row : rows) {
    auto& recorded = answers.at(static_cast<std::size_t>(row.integer("o_place") - 1));
    recorded.is_busy = row.boolean("o_is_busy");
    recorded.is_new = row.boolean("o_is_new");
    recorded.verdict = row.text("o_verdict");
    recorded.reason = row.text("o_reason");
    if (const auto id = row.maybe_text("o_upload_id"))
      recorded.upload = base::UploadId::trusted(*id);
    recorded.state = queue::parse_state(row.view("o_state"));
  }
  return answers;
}

constexpr pg::Statement select_deliveries{"select_deliveries", R"sql(
  select d.guid, d.event, d.action, d.verdict, d.verdict_reason, host(d.sender) as sender,
         d.received_at, d.github_id, a.username || '/' || b.slug as blog, u.operation_id as upload,
         d.headers, coalesce(length(d.body), 0) as body_bytes
  from delivery d
  left join repository r on r.github_id = d.github_id
  left join lateral (
    select * from blog where blog.repository_id = r.id
    order by is_connected desc, created_at desc limit 1) b on true
  left join account a on a.id = b.account_id
  left join lateral (
    select operation_id from upload where upload.delivery_guid = d.guid limit 1) u on true
  where ($1::text is null or d.event = $1::text)
    and ($2::text is null or d.verdict = $2::text)
    and ($3::text is null or a.username || '/' || b.slug = $3::text)
    and ($4::bigint is null
         or d.received_at >= clock_timestamp() - $4::bigint * interval '1 microsecond')
    and ($5::text is null or d.guid::text like $5::text || '%')
  order by d.received_at desc, d.guid
  limit $6::integer)sql"};

constexpr pg::Statement select_delivery_body{"select_delivery_body", R"sql(
  select encode(body, 'hex') as body from delivery where guid = $1::uuid and body is not null)sql"};

constexpr pg::Statement delete_one_delivery{"delete_one_delivery", R"sql(
  delete from delivery where guid = $1::uuid)sql"};

constexpr pg::Statement update_received_at{"update_received_at", R"sql(
  update delivery set received_at = $2::timestamptz where guid = $1::uuid)sql"};

Delivery read_delivery(const pg::Row& row) {
  Delivery delivery;
  delivery.guid = row.text("guid");
  delivery.event = row.text("event");
  delivery.action = row.text("action");
  delivery.verdict = row.text("verdict");
  delivery.reason = row.text("verdict_reason");
  delivery.sender = row.text("sender");
  delivery.received_at = row.time("received_at");
  delivery.github_id = row.maybe_integer("github_id");
  delivery.blog = row.maybe_text("blog");
  if (const auto upload = row.maybe_text("upload"))
    delivery.upload = base::UploadId::trusted(*upload);
  delivery.headers_json = row.text("headers");
  delivery.body_bytes = row.integer("body_bytes");
  return delivery;
}

int digit_of(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::accepted: return "accepted";
    case Verdict::ignored: return "ignored";
    case Verdict::rejected: return "rejected";
  }
  return "";
}

std::vector<RecordedDelivery> record_deliveries(pg::Connection& connection,
                                                const std::vector<const DeliveryEntry*>& entries) {
  return record(connection, entries, false);
}

RecordedDelivery record_delivery(pg::Connection& connection, const DeliveryEntry& entry) {
  auto recorded = std::move(record(connection, {&entry}, true).front());
  // A resource that was made since, or a repository that is known since by another name.
  if (recorded.is_busy)
    throw Error(ErrorKind::busy, "unable to record a delivery: its blog changes at this moment", {},
                "database_busy");
  return recorded;
}

std::vector<Delivery> list_deliveries(pg::Connection& connection, const DeliveryFilter& filter) {
  std::optional<std::int64_t> since;
  if (filter.since) since = filter.since->count();
  std::vector<Delivery> deliveries;
  for (const auto row :
       connection.query(select_deliveries, pg::Params(filter.event, filter.verdict, filter.blog,
                                                      since, std::nullopt, filter.limit)))
    deliveries.push_back(read_delivery(row));
  return deliveries;
}

Delivery find_delivery(pg::Connection& connection, const std::string& name) {
  constexpr std::size_t prefix_min = 4;
  const bool is_prefix =
      name.size() >= prefix_min && name.find_first_not_of("0123456789abcdef-") == std::string::npos;
  const auto rows =
      is_prefix
          ? connection.query(select_deliveries, pg::Params(std::nullopt, std::nullopt, std::nullopt,
                                                           std::nullopt, name, 2))
          : connection.query(select_deliveries, pg::Params(std::nullopt, std::nullopt, std::nullopt,
                                                           std::nullopt, name, 0));
  if (rows.size() == 1) return read_delivery(rows[0]);
  throw Error(ErrorKind::not_found,
              "unable to find delivery '" + name + "'" + (rows.empty() ? "" : ": it is ambiguous"),
              "List them with `devy-upload delivery list`, and give the whole GUID.",
              rows.empty() ? "delivery_not_found" : "delivery_ambiguous");
}

std::string load_delivery_body(pg::Connection& connection, const std::string& guid) {
  const auto found = connection.maybe(select_delivery_body, pg::Params(guid));
  if (!found)
    throw Error(ErrorKind::not_found, "unable to read delivery '" + guid + "': its body was pruned",
                "GitHub keeps deliveries for three days: redeliver it there.", "delivery_pruned");
  const auto hex = (*found)[0].view("body");
  std::string body;
  body.reserve(hex.size() / 2);
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    body += static_cast<char>(digit_of(hex[i]) * 16 + digit_of(hex[i + 1]));
  return body;
}

std::vector<std::pair<std::string, std::string>> headers_of(const Delivery& delivery) {
  std::vector<std::pair<std::string, std::string>> headers;
  const auto kept = nlohmann::json::parse(delivery.headers_json);
  for (const auto& [name, value] : kept.items())
    if (value.is_string()) headers.emplace_back(name, value.get<std::string>());
  return headers;
}

void delete_delivery(pg::Connection& connection, const std::string& guid) {
  connection.execute(delete_one_delivery, pg::Params(guid));
}

void set_received_at(pg::Connection& connection, const std::string& guid, base::TimePoint at) {
  connection.execute(update_received_at, pg::Params(guid, base::format_rfc3339(at)));
}

}  // namespace devy::webhook
