#include "core/mirror/store/validator_store.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::mirror {
namespace {

constexpr pg::Statement call_find_validator{"mirror_find_validator", R"sql(
  select case when token = $4::bytea then coalesce(etag, '') else '' end as etag,
         coalesce(last_modified, '') as last_modified, ids::text[] as ids, first_updated_at,
         last_updated_at, next_url, last_page
  from mirror_find_validator($1::text, $2::text, $3::text))sql",
                                            true};

constexpr pg::Statement upsert_validator{"keep_mirror_validator", R"sql(
  insert into mirror_validator (credential, url, repository_id, token, etag, last_modified, ids,
                                first_updated_at, last_updated_at, next_url, last_page)
  values ($1::text, $2::text, $3::bigint, $4::bytea, $5::text, $6::text, $7::bigint[],
          $8::timestamptz, $9::timestamptz, $10::text, $11::integer)
  on conflict (credential, url) do update
  set repository_id = excluded.repository_id, token = excluded.token, etag = excluded.etag,
      last_modified = excluded.last_modified, ids = excluded.ids,
      first_updated_at = excluded.first_updated_at, last_updated_at = excluded.last_updated_at,
      next_url = excluded.next_url, last_page = excluded.last_page, seen_at = clock_timestamp())sql",
                                         true};

constexpr pg::Statement call_stamp_seen{"mirror_stamp_seen", R"sql(
  with validator as (
    update mirror_validator set seen_at = clock_timestamp()
    where credential = $6::text and url = $7::text)
  select mirror_stamp_seen($1::text, $2::bigint, $3::bigint[], $4::timestamptz, $5::timestamptz))sql",
                                        true};

constexpr pg::Statement delete_old{"delete_mirror_validators", R"sql(
  delete from mirror_validator v
   using (select credential, url from mirror_validator
           where seen_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
           order by seen_at
           limit $2::integer) o
   where v.credential = o.credential and v.url = o.url)sql"};

constexpr pg::Statement count_old{"count_mirror_validators", R"sql(
  select count(*) as count
    from (select 1 from mirror_validator
           where seen_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
           limit $2::integer) o)sql"};

pg::Bytes bytes_of_token(const std::optional<base::Sha256>& token) {
  if (!token) return {{}};
  return {{reinterpret_cast<const char*>(token->data()), token->size()}};
}

std::optional<std::string> text_of_time(const std::optional<base::TimePoint>& time) {
  if (!time) return std::nullopt;
  return base::format_rfc3339(*time);
}

std::vector<std::optional<std::string>> texts_of(const std::vector<std::int64_t>& ids) {
  std::vector<std::optional<std::string>> texts;
  for (const auto id : ids)
    texts.emplace_back(std::to_string(id));
  return texts;
}

}  // namespace

std::optional<Validator> find_validator(pg::Connection& connection, const PageName& name,
                                        records::Relation relation) {
  const auto found = connection.maybe(
      call_find_validator, pg::Params(name.credential, name.url, records::to_string(relation),
                                      bytes_of_token(name.token)));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  Validator validator;
  validator.etag = row.text("etag");
  validator.last_modified = row.text("last_modified");
  for (const auto& id : row.texts("ids"))
    validator.ids.push_back(std::stoll(id));
  validator.first_updated_at = row.maybe_time("first_updated_at");
  validator.last_updated_at = row.maybe_time("last_updated_at");
  validator.next = row.maybe_text("next_url");
  if (const auto page = row.maybe_integer("last_page"))
    validator.last_page = static_cast<int>(*page);
  return validator;
}

void keep_validator(pg::Connection& connection, const PageName& name, std::int64_t repository_id,
                    const Validator& validator) {
  connection.execute(
      upsert_validator,
      pg::Params(name.credential, name.url, repository_id, bytes_of_token(name.token),
                 base::unless_empty(validator.etag), base::unless_empty(validator.last_modified),
                 texts_of(validator.ids), text_of_time(validator.first_updated_at),
                 text_of_time(validator.last_updated_at), validator.next, validator.last_page));
}

void note_unchanged(pg::Connection& connection, const PageName& name, records::Relation relation,
                    std::int64_t repository_id, const std::vector<std::int64_t>& ids,
                    base::TimePoint at, std::optional<base::TimePoint> date) {
  connection.execute(call_stamp_seen, pg::Params(records::to_string(relation), repository_id,
                                                 texts_of(ids), base::format_rfc3339(at),
                                                 text_of_time(date), name.credential, name.url));
}

queue::Prunable old_validators() {
  queue::Prunable pages;
  pages.name = "mirror_pages";
  pages.names = {{"mirror_pages", "pages of the mirror's lists that nobody reads any more"}};
  pages.prune = [](pg::Connection& connection, const queue::PruneRequest& request) {
    queue::PruneBatch batch;
    const auto pruned =
        connection.execute(delete_old, pg::Params(request.older_than.count(), request.rows_max));
    batch.pruned["mirror_pages"] = pruned;
    batch.is_last = pruned < request.rows_max;
    return batch;
  };
  pages.estimate = [](pg::Connection& connection, const queue::PruneAges& ages, int rows_max) {
    const auto count =
        connection.one(count_old, pg::Params(ages.older_than.count(), rows_max))[0].integer(
            "count");
    return queue::PruneEstimate{{{"mirror_pages", count}}, count == rows_max};
  };
  return pages;
}

}  // namespace devy::mirror
