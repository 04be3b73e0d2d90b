#include "core/store/delivery_store.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/base/time_text.hpp"
#include "core/markdown/document.hpp"

namespace devy::store {
namespace {

using base::Error;
using base::ErrorKind;

// A bytea in text form: parameters are text.
std::string hex_text(std::string_view bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 + 2 * bytes.size());
  text = "\\x";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

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

constexpr pg::Statement call_delivery_record{"delivery_record", R"sql(
  select o_is_new, o_verdict, o_reason, o_upload_id, o_state
    from delivery_record(
      p_guid => $1::uuid,
      p_event => $2::text,
      p_action => $3::text,
      p_github_id => $4::bigint,
      p_sender => $5::inet,
      p_headers => $6::jsonb,
      p_body => $7::bytea,
      p_verdict => $8::text,
      p_reason => $9::text,
      p_upload_id => $10::uuid,
      p_branch => $11::text,
      p_default_branch => $12::text,
      p_url => $13::text,
      p_owner => $14::text,
      p_name => $15::text,
      p_is_private => $16::boolean,
      p_installation => $17::bigint,
      p_event_at => $18::timestamptz,
      p_revision => $19::text,
      p_renderer => $20::integer,
      p_max_attempts => $21::integer))sql",
                                             true};

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

RecordedDelivery record_delivery(pg::Connection& connection, const NewDelivery& delivery,
                                 const std::optional<PushedTo>& push) {
  const auto from_push = [&](auto&& get) -> std::optional<std::string> {
    if (!push) return std::nullopt;
    return unless_empty(get(*push));
  };
  std::optional<std::string> upload, pushed_at;
  if (push) upload = base::system_random().uuid();
  if (push && push->pushed_at) pushed_at = base::format_rfc3339(*push->pushed_at);
  const auto result = connection.one(
      call_delivery_record,
      pg::Params(delivery.guid, delivery.event, unless_empty(delivery.action), delivery.github_id,
                 unless_empty(delivery.sender), headers_json(delivery), hex_text(delivery.body),
                 to_string(delivery.verdict), unless_empty(delivery.reason), upload,
                 from_push([](const PushedTo& to) { return to.branch; }),
                 from_push([](const PushedTo& to) { return to.default_branch; }),
                 from_push([](const PushedTo& to) { return to.url; }),
                 from_push([](const PushedTo& to) { return to.owner; }),
                 from_push([](const PushedTo& to) { return to.name; }),
                 push ? push->is_private : std::nullopt, push ? push->installation : std::nullopt,
                 pushed_at, from_push([](const PushedTo& to) { return to.commit; }),
                 markdown::renderer_version, push ? push->max_attempts : 0));
  const auto row = result[0];
  RecordedDelivery recorded;
  recorded.is_new = row.truth("o_is_new");
  recorded.verdict = row.text("o_verdict");
  recorded.reason = row.text("o_reason");
  if (const auto id = row.maybe_text("o_upload_id")) recorded.upload = base::UploadId::trusted(*id);
  recorded.state = queue::parse_state(row.view("o_state"));
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

}  // namespace devy::store
