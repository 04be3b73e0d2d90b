#include "core/gists/store/crm_store.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::gists {
namespace {

constexpr pg::Statement select_crm_key{"select_crm_key", R"sql(
  select key from resource where id = $1::bigint and kind = 'crm')sql"};

constexpr pg::Statement select_companies{"companies_of_crm_operations", R"sql(
  select o.id, split_part(r.key, '/', 2) as company
    from operation o join resource r on r.id = o.resource_id and r.kind = 'crm'
   where o.id = any ($1::uuid[]))sql"};

constexpr pg::Statement select_crm_item{"select_crm_item", R"sql(
  select c.id, c.kind = 'deal' as is_deal, c.state, c.wanted, c.remote_id, t.login, g.id as gist,
         g.gone_at is not null as is_gone, f.filename, g.html_url, v.content_state, v.size,
         to_char(v.found_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"') as found_at
    from crm_item c
    left join gist_file f on f.id = c.gist_file_id
    left join gist g on g.id = coalesce(f.gist_id, c.gist_id)
    join tracked_user t on t.id = coalesce(g.tracked_user_id, c.tracked_user_id)
    left join gist_version v on v.gist_file_id = f.id and v.number = c.wanted
   where c.id = $1::uuid)sql",
                                        true};

constexpr pg::Statement select_crm_content{"select_crm_content", R"sql(
  select substr(v.content, 1, $2::integer) as content
    from crm_item c join gist_version v on v.gist_file_id = c.gist_file_id and v.number = c.wanted
   where c.id = $1::uuid and v.content is not null)sql",
                                           false, true};

constexpr pg::Statement select_pending_items{"select_pending_crm_items", R"sql(
  select id from crm_item where state = 'pending'
   order by kind = 'deal' desc, wanted_at, id
   limit $1::integer)sql"};

constexpr pg::Statement select_undone_items{"select_undone_crm_items", R"sql(
  select id from gist_crm_undone($1::integer) as id)sql"};

constexpr pg::Statement select_has_pending{"select_has_pending_crm_items", R"sql(
  select exists (select from crm_item where state = 'pending') as has_pending)sql"};

constexpr pg::Statement insert_deal_of{"insert_crm_deal_of", R"sql(
  with target as (
    select case when $2::text = 'deal_per_gist' then g.id end as gist_id,
           case when $2::text = 'deal' then g.tracked_user_id end as tracked_user_id
      from crm_item c
      join gist_file f on f.id = c.gist_file_id
      join gist g on g.id = f.gist_id
     where c.id = $1::uuid),
  made as (
    insert into crm_item (kind, gist_id, tracked_user_id)
    select 'deal', gist_id, tracked_user_id from target
    on conflict on constraint crm_item_identity do nothing
    returning id)
  select id from made
  union all
  select c.id from crm_item c join target t
    on c.gist_id is not distinct from t.gist_id
   and c.tracked_user_id is not distinct from t.tracked_user_id
   where c.kind = 'deal')sql"};

constexpr pg::Statement select_unknown_items{"select_unknown_crm_items", R"sql(
  select c.id, c.kind = 'deal' as is_deal, c.remote_id is not null as is_known,
         t.login || coalesce('/' || c.gist_id, '') as title,
         ceil(extract(epoch from clock_timestamp() - min(c.attempt_at) over ()))::bigint as age
    from crm_item c
    left join gist g on g.id = c.gist_id
    left join tracked_user t on t.id = coalesce(g.tracked_user_id, c.tracked_user_id)
   where c.state = 'sending'
   order by c.attempt_at
   limit $1::integer)sql"};

constexpr pg::Statement update_sending{"update_crm_sending", R"sql(
  update crm_item set state = 'sending', attempt_at = clock_timestamp(), absent_at = null
   where id = $1::uuid and state = 'pending')sql",
                                       true};

constexpr pg::Statement update_crm_sent{"update_crm_sent", R"sql(
  update crm_item
     set remote_id = $3::bigint, sent = greatest(sent, $2::integer), absent_at = null, error = null,
         state = case when wanted > $2::integer then 'pending' else 'sent' end
   where id = $1::uuid and state = 'sending')sql",
                                        true};

constexpr pg::Statement update_unsent{"update_crm_unsent", R"sql(
  update crm_item set state = 'pending', absent_at = null
   where id = $1::uuid and state = 'sending')sql"};

constexpr pg::Statement update_refused{"update_crm_refused", R"sql(
  update crm_item set state = 'refused', absent_at = null, error = $2::text
   where id = $1::uuid and state in ('sending', 'sent'))sql"};

constexpr pg::Statement update_gone{"update_crm_gone", R"sql(
  update crm_item
     set state = 'gone', absent_at = null, error = 'a person deleted it in the CRM'
   where id = $1::uuid and state in ('sending', 'sent'))sql"};

constexpr pg::Statement update_done{"update_crm_done", R"sql(
  update crm_item set is_done = true where id = $1::uuid)sql"};

constexpr pg::Statement update_absent{"update_crm_absent", R"sql(
  with look as (
    select id, absent_at + $2::bigint * interval '1 second' as again_at
      from crm_item where id = $1::uuid and state = 'sending' for no key update)
  update crm_item c
     set state = case when l.again_at <= clock_timestamp() then 'pending' else c.state end,
         absent_at = case when l.again_at <= clock_timestamp() then null
                          else coalesce(c.absent_at, clock_timestamp()) end
    from look l where c.id = l.id
  returning case when c.state = 'pending' then 0
                 else greatest(ceil(extract(epoch from
                   c.absent_at + $2::bigint * interval '1 second' - clock_timestamp()) * 1000), 0)
            end::bigint as wait_ms)sql"};

constexpr pg::Statement delete_unmade{"delete_unmade_crm_item", R"sql(
  delete from crm_item where id = $1::uuid and state = 'pending' and remote_id is null)sql"};

constexpr pg::Statement update_settled{"update_settled_crm_item", R"sql(
  update crm_item set state = 'sent', sent = wanted
   where id = $1::uuid and state = 'pending' and remote_id is not null)sql"};

constexpr pg::Statement call_crm_sweep{"gist_crm_sweep", R"sql(
  select gist_crm_sweep($1::text, $2::text, $3::text[]) as is_recorded)sql"};

constexpr pg::Statement call_crm_wake{"gist_crm_wake", R"sql(
  select gist_crm_wake($1::text, 'operator'))sql"};

constexpr pg::Statement call_crm_backfill{"gist_crm_backfill", R"sql(
  select last_file, added
    from gist_crm_backfill($1::text, $2::text, $3::text, $4::timestamptz, $5::uuid,
                           $6::integer))sql"};

std::vector<std::string> crm_ids_of(const pg::Result& rows) {
  std::vector<std::string> ids;
  for (const auto row : rows)
    ids.push_back(row.text("id"));
  return ids;
}

}  // namespace

std::string crm_key(pg::Connection& connection, queue::ResourceId resource) {
  return connection.one(select_crm_key, pg::Params(resource))[0].text("key");
}

std::map<std::string, std::string> companies_of(pg::Connection& connection,
                                                const std::vector<std::string>& operations) {
  std::map<std::string, std::string> companies;
  for (const auto row : connection.query(select_companies, pg::Params(operations)))
    companies.emplace(row.text("id"), row.text("company"));
  return companies;
}

std::optional<CrmItem> load_crm_item(pg::Connection& connection, const std::string& id,
                                     int content_bytes_max) {
  const auto rows = connection.maybe(select_crm_item, pg::Params(id));
  if (!rows) return std::nullopt;
  const auto row = (*rows)[0];
  CrmItem item;
  item.id = row.text("id");
  item.is_deal = row.boolean("is_deal");
  item.state = row.text("state");
  item.wanted = static_cast<int>(row.integer("wanted"));
  item.remote_id = row.maybe_integer("remote_id");
  item.login = row.text("login");
  item.gist = row.maybe_text("gist").value_or("");
  item.is_gone = row.boolean("is_gone");
  item.filename = row.maybe_text("filename").value_or("");
  item.html_url = row.maybe_text("html_url").value_or("");
  item.content_state = row.maybe_text("content_state").value_or("");
  item.found_at = row.maybe_text("found_at").value_or("");
  item.size = row.maybe_integer("size").value_or(0);
  if (const auto found = connection.maybe(select_crm_content, pg::Params(id, content_bytes_max)))
    item.content = std::string((*found)[0].bytes("content"));
  return item;
}

std::vector<std::string> pending_crm_items(pg::Connection& connection, int limit) {
  return crm_ids_of(connection.query(select_pending_items, pg::Params(limit)));
}

std::vector<std::string> undone_crm_items(pg::Connection& connection, int limit) {
  return crm_ids_of(connection.query(select_undone_items, pg::Params(limit)));
}

bool has_pending_crm_items(pg::Connection& connection) {
  return connection.one(select_has_pending)[0].boolean("has_pending");
}

std::optional<std::string> deal_of(pg::Connection& connection, const std::string& item,
                                   const std::string& mode) {
  const auto ids = crm_ids_of(connection.query(insert_deal_of, pg::Params(item, mode)));
  if (ids.empty()) return std::nullopt;
  return ids.front();
}

UnknownItems unknown_crm_items(pg::Connection& connection, int limit) {
  UnknownItems unknown;
  for (const auto row : connection.query(select_unknown_items, pg::Params(limit))) {
    unknown.items.push_back({row.text("id"), row.boolean("is_deal"), row.boolean("is_known"),
                             row.maybe_text("title").value_or("")});
    unknown.age = std::chrono::seconds(row.integer("age"));
  }
  return unknown;
}

bool begin_sending(pg::Connection& connection, const std::string& id) {
  return connection.execute(update_sending, pg::Params(id)) == 1;
}

void note_sent(pg::Connection& connection, const std::string& id, int version,
               std::int64_t remote_id) {
  connection.execute(update_crm_sent, pg::Params(id, version, remote_id));
}

void note_unsent(pg::Connection& connection, const std::string& id) {
  connection.execute(update_unsent, pg::Params(id));
}

void note_refused(pg::Connection& connection, const std::string& id, const std::string& error) {
  connection.execute(update_refused, pg::Params(id, error));
}

void note_gone(pg::Connection& connection, const std::string& id) {
  connection.execute(update_gone, pg::Params(id));
}

void note_done(pg::Connection& connection, const std::string& id) {
  connection.execute(update_done, pg::Params(id));
}

std::chrono::milliseconds note_absent(pg::Connection& connection, const std::string& id,
                                      std::chrono::seconds interval) {
  const auto rows = connection.maybe(update_absent, pg::Params(id, interval.count()));
  return std::chrono::milliseconds(rows ? (*rows)[0].integer("wait_ms") : 0);
}

void drop_crm_item(pg::Connection& connection, const std::string& id) {
  if (connection.execute(delete_unmade, pg::Params(id)) == 0)
    connection.execute(update_settled, pg::Params(id));
}

bool sweep_crm(pg::Connection& connection, const CrmSettings& settings,
               const std::vector<std::string>& pauses) {
  return connection.one(call_crm_sweep, pg::Params(settings.company, settings.on_delete, pauses))[0]
      .boolean("is_recorded");
}

void wake_crm(pg::Connection& connection, const std::string& company) {
  connection.execute(call_crm_wake, pg::Params(company));
}

Backfilled backfill_crm(pg::Connection& connection, const CrmSettings& settings,
                        std::optional<base::TimePoint> since,
                        const std::optional<std::string>& after, int limit) {
  const auto text = since ? std::optional(base::format_rfc3339(*since)) : std::nullopt;
  const auto rows = connection.one(
      call_crm_backfill,
      pg::Params(settings.company, settings.mode, settings.on_edit, text, after, limit));
  return {rows[0].maybe_text("last_file"), static_cast<int>(rows[0].integer("added"))};
}

}  // namespace devy::gists
