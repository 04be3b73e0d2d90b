#include "core/platform/webhook/delivery_store.hpp"

#include <array>
#include <map>

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::webhook {
namespace {

using base::Error;
using base::ErrorKind;
using base::unless_empty;

// More than what is written of the largest head that the listener takes.
constexpr std::size_t headers_json_bytes_max = 1024UL * 1024;

// Header values are any bytes; a column is UTF-8 without U+0000.
std::string headers_json(const NewDelivery& delivery) {
  // Sorted, and of a header that came twice the last one.
  const std::map<std::string, std::string> headers(delivery.headers.rbegin(),
                                                   delivery.headers.rend());
  auto object = json::Json::object();
  for (const auto& [name, value] : headers)
    object.set(name, value);
  return object.compact();
}

constexpr pg::Statement call_delivery_record{"delivery_record", R"sql(
  select o_place, o_standing, o_verdict, o_reason, o_is_kept
    from delivery_record(
      p_guid => $1::uuid[],
      p_event => $2::text[],
      p_action => $3::text[],
      p_github_id => $4::bigint[],
      p_scope => $5::text[],
      p_digest => $6::bytea[],
      p_sender => $7::inet[],
      p_headers => $8::jsonb[],
      p_body => $9::bytea[],
      p_verdict => $10::text[],
      p_reason => $11::text[],
      p_body_bytes => $12::bigint[],
      p_omitted => $13::text[],
      p_payer => $14::bigint[],
      p_budget => $15::bigint))sql",
                                             true};

using Column = std::vector<std::optional<std::string>>;

std::optional<std::string> text_of(std::optional<std::int64_t> number) {
  if (!number) return std::nullopt;
  return std::to_string(*number);
}

// Borrows the digest.
pg::Bytes bytes_of(const base::Sha256& digest) {
  return {{reinterpret_cast<const char*>(digest.data()), digest.size()}};
}

pg::Params columns_of(std::span<const NewDelivery* const> deliveries, std::uint64_t budget_bytes) {
  Column guid, event, action, github_id, scope, sender, headers, verdict, reason, bytes, omitted,
      payer;
  std::vector<pg::Bytes> digest, body;
  for (const auto* delivery : deliveries) {
    guid.emplace_back(delivery->guid);
    event.emplace_back(delivery->event);
    action.push_back(base::unless_empty(delivery->action));
    github_id.push_back(text_of(delivery->github_id));
    scope.emplace_back(to_string(delivery->scope));
    digest.push_back(bytes_of(delivery->digest));
    sender.push_back(base::unless_empty(delivery->sender));
    headers.emplace_back(headers_json(*delivery));
    body.push_back({delivery->omission ? std::string_view() : delivery->body});
    bytes.emplace_back(std::to_string(delivery->body.size()));
    omitted.push_back(delivery->omission
                          ? std::optional(std::string(to_string(*delivery->omission)))
                          : std::nullopt);
    payer.push_back(text_of(delivery->payer));
    verdict.emplace_back(to_string(delivery->verdict));
    reason.push_back(base::unless_empty(delivery->reason));
  }
  return pg::Params(guid, event, action, github_id, scope, digest, sender, headers, body, verdict,
                    reason, bytes, omitted, payer, static_cast<std::int64_t>(budget_bytes));
}

Standing standing_of(const std::string& text) {
  if (text == "fresh") return Standing::fresh;
  if (text == "again") return Standing::again;
  if (text == "copy") return Standing::copy;
  return Standing::foreign;
}

constexpr pg::Statement select_deliveries{"select_deliveries", R"sql(
  select d.guid, d.event, d.action, d.verdict, d.verdict_reason, host(d.sender) as sender,
         d.received_at, d.github_id, coalesce(d.scope, 'unscoped') as scope, d.headers,
         coalesce(length(d.body), d.body_bytes, 0) as body_bytes, d.body_omitted
  from delivery d
  where ($1::text is null or d.event = $1::text)
    and ($2::text is null or d.verdict = $2::text)
    and ($3::bigint is null or d.github_id = $3::bigint)
    and ($4::bigint is null
         or d.received_at >= clock_timestamp() - $4::bigint * interval '1 microsecond')
    and ($5::text is null or d.guid::text like $5::text || '%')
    and ($7::uuid is null or d.guid = $7::uuid)
    and ($8::bigint is null
         or d.received_at <= clock_timestamp() - $8::bigint * interval '1 microsecond')
  order by d.received_at desc, d.guid
  limit $6::integer)sql"};

// A page of the list: a filter looks at the newest $4 behind a delivery, whatever the table holds.
// (Such a bound keeps PostgreSQL from looking one up by its key, so the list above has none.)
constexpr pg::Statement select_delivery_page{"select_delivery_page", R"sql(
  select d.guid, d.event, d.action, d.verdict, d.verdict_reason, host(d.sender) as sender,
         d.received_at, d.github_id, coalesce(d.scope, 'unscoped') as scope, d.headers,
         coalesce(length(d.body), d.body_bytes, 0) as body_bytes, d.body_omitted
    from (select * from delivery
           where $2::uuid is null
              or (received_at <= (select received_at from delivery where guid = $2::uuid)
                  and (received_at < (select received_at from delivery where guid = $2::uuid)
                       or guid > $2::uuid))
           order by received_at desc, guid
           limit $4::integer) d
   where $1::text is null or d.verdict = $1::text
   order by d.received_at desc, d.guid
   limit $3::integer)sql"};

constexpr pg::Statement select_delivery_body{"select_delivery_body", R"sql(
  select body from delivery where guid = $1::uuid and body is not null)sql",
                                             false, true};

constexpr pg::Statement delete_one_delivery{"delete_one_delivery", R"sql(
  select delivery_forget($1::uuid))sql"};

constexpr pg::Statement update_received_at{"update_received_at", R"sql(
  select delivery_received($1::uuid, $2::timestamptz))sql"};

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
  delivery.scope = parse_scope(row.text("scope")).value_or(Scope{});
  delivery.headers_json = row.text("headers");
  delivery.body_bytes = row.integer("body_bytes");
  delivery.body_omitted = row.text("body_omitted");
  return delivery;
}

constexpr pg::Statement delete_deliveries{"delete_deliveries", R"sql(
  delete from delivery d
   using (select guid
            from delivery
           where received_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
           order by received_at
           limit $2::integer) o
   where d.guid = o.guid)sql"};

constexpr pg::Statement count_old_deliveries{"count_old_deliveries", R"sql(
  select count(*) as count
    from (select 1
            from delivery
           where received_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
           limit $2::integer) o)sql"};

// Bodies take most of the space of deliveries, and are needed only while a replay is possible.
constexpr pg::Statement delete_bodies{"delete_bodies", R"sql(
  update delivery d
     set body = null
    from (select guid
            from delivery
           where body is not null
             and received_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
           order by received_at
           limit $2::integer) o
   where d.guid = o.guid)sql"};

// Those of deliveries that stay.
constexpr pg::Statement count_old_bodies{"count_old_bodies", R"sql(
  select count(*) as count
    from (select 1
            from delivery
           where body is not null
             and received_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
             and received_at >= clock_timestamp() - $3::bigint * interval '1 microsecond'
           limit $2::integer) o)sql"};

// Nothing that is old stays, so there is no position to keep: a batch begins at the oldest.
queue::PruneBatch prune_oldest(pg::Connection& connection, const pg::Statement& statement,
                               const std::string& name, const queue::PruneRequest& request) {
  queue::PruneBatch batch;
  const auto pruned =
      connection.execute(statement, pg::Params(request.older_than.count(), request.rows_max));
  batch.pruned[name] = pruned;
  batch.is_last = pruned < request.rows_max;
  return batch;
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

std::vector<StoredDelivery> store_deliveries(pg::Connection& connection,
                                             std::span<const NewDelivery* const> deliveries,
                                             std::uint64_t budget_bytes) {
  std::vector<StoredDelivery> stored(deliveries.size());
  const auto rows = connection.query(call_delivery_record, columns_of(deliveries, budget_bytes));
  if (static_cast<std::size_t>(rows.size()) != deliveries.size())
    throw Error(ErrorKind::internal, "unable to record deliveries: not every one was answered");
  for (const auto row : rows) {
    auto& one = stored.at(static_cast<std::size_t>(row.integer("o_place") - 1));
    one.standing = standing_of(row.text("o_standing"));
    one.verdict = row.text("o_verdict");
    one.reason = row.text("o_reason");
    one.is_body_kept = row.boolean("o_is_kept");
  }
  return stored;
}

std::vector<Delivery> list_deliveries(pg::Connection& connection, const DeliveryFilter& filter) {
  std::optional<std::int64_t> since, until;
  if (filter.since) since = filter.since->count();
  if (filter.until) until = filter.until->count();
  std::vector<Delivery> deliveries;
  for (const auto row : connection.query(
           select_deliveries, pg::Params(filter.event, filter.verdict, filter.github_id, since,
                                         std::nullopt, filter.limit, std::nullopt, until)))
    deliveries.push_back(read_delivery(row));
  return deliveries;
}

std::vector<Delivery> page_of_deliveries(pg::Connection& connection, const DeliveryPage& page) {
  std::vector<Delivery> deliveries;
  for (const auto row : connection.query(
           select_delivery_page,
           pg::Params(page.verdict, page.before, page.limit, deliveries_looked_at_max)))
    deliveries.push_back(read_delivery(row));
  return deliveries;
}

Delivery find_delivery(pg::Connection& connection, const std::string& name) {
  const bool is_whole = base::is_uuid(name);
  const bool is_prefix = !is_whole && !name.empty() && base::is_uuid_prefix(name);
  const auto rows = connection.query(
      select_deliveries,
      pg::Params(std::nullopt, std::nullopt, std::nullopt, std::nullopt,
                 is_prefix ? std::optional(name) : std::nullopt, is_whole || is_prefix ? 2 : 0,
                 is_whole ? std::optional(name) : std::nullopt, std::nullopt));
  if (rows.size() == 1) return read_delivery(rows[0]);
  throw Error(ErrorKind::not_found,
              "unable to find delivery '" + name + "'" + (rows.empty() ? "" : ": it is ambiguous"),
              "List them with `devy-upload delivery list`; a GUID may be cut to any unambiguous "
              "prefix.",
              rows.empty() ? "delivery_not_found" : "delivery_ambiguous");
}

std::string load_delivery_body(pg::Connection& connection, const std::string& guid) {
  const auto found = connection.maybe(select_delivery_body, pg::Params(guid));
  if (found) return std::string((*found)[0].bytes("body"));
  const auto delivery = find_delivery(connection, guid);
  if (!delivery.body_omitted.empty())
    throw Error(ErrorKind::not_found,
                "unable to read delivery '" + guid +
                    "': its body was not kept: " + explain_omission(delivery.body_omitted),
                "GitHub shows it among the recent deliveries of the hook, for three days.",
                "delivery_body_omitted");
  throw Error(ErrorKind::not_found, "unable to read delivery '" + guid + "': its body was pruned",
              "GitHub keeps deliveries for three days: redeliver it there.", "delivery_pruned");
}

std::vector<std::pair<std::string, std::string>> headers_of(const Delivery& delivery) {
  std::vector<std::pair<std::string, std::string>> headers;
  constexpr json::Format format{.name = "a delivery's headers",
                                .bytes_max = headers_json_bytes_max,
                                .kind = ErrorKind::internal};
  for (const auto& [name, value] : json::parse(delivery.headers_json, format).members())
    if (auto text = value.if_text()) headers.emplace_back(name, *std::move(text));
  return headers;
}

void delete_delivery(pg::Connection& connection, const std::string& guid) {
  connection.execute(delete_one_delivery, pg::Params(guid));
}

void set_received_at(pg::Connection& connection, const std::string& guid, base::TimePoint at) {
  connection.execute(update_received_at, pg::Params(guid, base::format_rfc3339(at)));
}

std::vector<queue::Prunable> prunables() {
  queue::Prunable deliveries;
  deliveries.name = "deliveries";
  deliveries.names = {{"deliveries", "deliveries"}};
  deliveries.prune = [](pg::Connection& connection, const queue::PruneRequest& request) {
    return prune_oldest(connection, delete_deliveries, "deliveries", request);
  };
  deliveries.estimate = [](pg::Connection& connection, const queue::PruneAges& ages, int rows_max) {
    const auto found =
        connection.one(count_old_deliveries, pg::Params(ages.older_than.count(), rows_max));
    const auto count = found[0].integer("count");
    return queue::PruneEstimate{{{"deliveries", count}}, count == rows_max};
  };
  queue::Prunable bodies;
  bodies.name = "bodies";
  bodies.age = &queue::PruneAges::bodies_older_than;
  bodies.names = {{"bodies", "bodies of deliveries that stay"}};
  bodies.prune = [](pg::Connection& connection, const queue::PruneRequest& request) {
    return prune_oldest(connection, delete_bodies, "bodies", request);
  };
  bodies.estimate = [](pg::Connection& connection, const queue::PruneAges& ages, int rows_max) {
    const auto found = connection.one(
        count_old_bodies,
        pg::Params(ages.bodies_older_than.count(), rows_max, ages.older_than.count()));
    const auto count = found[0].integer("count");
    return queue::PruneEstimate{{{"bodies", count}}, count == rows_max};
  };
  return {deliveries, bodies};
}

}  // namespace devy::webhook
