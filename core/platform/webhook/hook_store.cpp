#include "core/platform/webhook/hook_store.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::webhook {
namespace {

constexpr pg::Statement insert_app_hook{"insert_app_hook", R"sql(
  insert into hook (key) values ('app') on conflict (key) do nothing)sql"};

constexpr pg::Statement merge_repository_hooks{"merge_repository_hooks", R"sql(
  with watched as (
    select * from unnest($1::text[], $2::text[]) as n (key, url)),
  forgotten as (
    delete from hook h
     where h.key <> 'app' and not exists (select from watched w where w.key = h.key))
  insert into hook as h (key, url)
  select key, url from watched
  on conflict (key) do update set url = excluded.url where h.url <> excluded.url)sql"};

constexpr pg::Statement claim_due_hook{"claim_due_hook", R"sql(
  with due as materialized (
    select h.key from hook h
    where h.look_at <= now() and (h.key = 'app') = $1::boolean
    order by h.look_at
    limit 1
    for no key update skip locked)
  update hook h
  set look_at = clock_timestamp() + (0.9 + 0.2 * random()) * $2::bigint * interval '1 millisecond'
  from due
  where h.key = due.key
  returning h.key, h.url, h.hook_id, h.seen_id, h.etag)sql"};

constexpr pg::Statement update_looked{"update_hook_looked", R"sql(
  update hook
  set hook_id = $2::bigint, seen_id = greatest(seen_id, $3::bigint), etag = $4::text,
      looked_at = clock_timestamp(), failures = 0, error = null
  where key = $1::text)sql"};

constexpr pg::Statement update_not_looked{"update_hook_not_looked", R"sql(
  update hook
  set failures = failures + 1, error = $2::text, etag = '',
      look_at = clock_timestamp() + greatest($3::bigint * interval '1 millisecond',
        least($3::bigint * 2 ^ least(failures + 1, 20) * interval '1 millisecond', interval '1 hour'))
  where key = $1::text)sql"};

constexpr pg::Statement update_look_at{"update_hook_look_at", R"sql(
  update hook set look_at = $2::timestamptz where key = $1::text)sql"};

constexpr pg::Statement select_unknown{"select_unknown_deliveries", R"sql(
  select g::text as guid
  from unnest($1::uuid[]) g
  where not exists (select from delivery d where d.guid = g))sql"};

constexpr pg::Statement upsert_missed{"upsert_missed_delivery", R"sql(
  insert into missed_delivery as m (guid, hook, event, asked, asked_at)
  values ($1::uuid, $2::text, $3::text, 1, clock_timestamp())
  on conflict (guid) do update set asked = m.asked + 1, asked_at = clock_timestamp()
  returning asked)sql"};

constexpr pg::Statement delete_missed{"delete_missed_deliveries", R"sql(
  delete from missed_delivery
  where found_at < clock_timestamp() - $1::bigint * interval '1 microsecond')sql"};

std::int64_t milliseconds_of(base::Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

}  // namespace

void add_app_hook(pg::Connection& connection) {
  connection.execute(insert_app_hook);
}

void set_repository_hooks(pg::Connection& connection,
                          const std::vector<WatchedRepository>& watched) {
  std::vector<std::string> keys, urls;
  for (const auto& repository : watched) {
    keys.push_back(repository.key);
    urls.push_back(repository.url);
  }
  connection.execute(merge_repository_hooks, pg::Params(keys, urls));
}

std::optional<HookRow> claim_hook(pg::Connection& connection, bool is_app, base::Duration every) {
  const auto found = connection.maybe(claim_due_hook, pg::Params(is_app, milliseconds_of(every)));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  HookRow hook;
  hook.key = row.text("key");
  hook.url = row.text("url");
  hook.hook_id = row.maybe_integer("hook_id");
  hook.seen_id = row.integer("seen_id");
  hook.etag = row.text("etag");
  return hook;
}

void note_looked(pg::Connection& connection, const HookRow& hook) {
  connection.execute(update_looked, pg::Params(hook.key, hook.hook_id, hook.seen_id, hook.etag));
}

void note_not_looked(pg::Connection& connection, const HookRow& hook, const std::string& error,
                     base::Duration every) {
  connection.execute(update_not_looked, pg::Params(hook.key, error, milliseconds_of(every)));
}

void look_again_at(pg::Connection& connection, const HookRow& hook, base::TimePoint time) {
  connection.execute(update_look_at, pg::Params(hook.key, base::format_rfc3339(time)));
}

std::vector<std::string> unknown_deliveries(pg::Connection& connection,
                                            const std::vector<std::string>& guids) {
  std::vector<std::string> unknown;
  for (const auto row : connection.query(select_unknown, pg::Params(guids)))
    unknown.push_back(row.text("guid"));
  return unknown;
}

int note_missed(pg::Connection& connection, const HookRow& hook, const std::string& guid,
                const std::string& event) {
  return static_cast<int>(
      connection.one(upsert_missed, pg::Params(guid, hook.key, event))[0].integer("asked"));
}

void forget_missed(pg::Connection& connection, base::Duration older_than) {
  connection.execute(delete_missed, pg::Params(older_than.count()));
}

}  // namespace devy::webhook
