#include "core/sync/store/merge_store.hpp"

namespace devy::sync {
namespace {

constexpr pg::Statement call_merge_load{"sync_merge_load", R"sql(
  select * from sync_merge_load($1::uuid[]))sql",
                                        true};

constexpr pg::Statement call_merge_store{"sync_merge_store", R"sql(
  select sync_merge_store($1::jsonb, $2::uuid))sql",
                                         true};

constexpr pg::Statement call_link_end{"sync_link_end", R"sql(
  select sync_link_end($1::uuid, $2::text, $3::jsonb, $4::uuid, $5::boolean) as is_ended)sql"};

constexpr pg::Statement call_link_move{"sync_link_move", R"sql(
  select sync_link_move($1::uuid, $2::bigint, $3::bigint) as is_moved)sql"};

constexpr pg::Statement call_end_forget{"sync_end_forget", R"sql(
  select sync_end_forget($1::uuid))sql"};

constexpr pg::Statement call_value_keep{"sync_value_keep", R"sql(
  select sync_value_keep($1::uuid, $2::jsonb, $3::uuid) as is_kept)sql"};

std::optional<std::string> text_of(const std::optional<base::OperationId>& operation) {
  if (!operation) return std::nullopt;
  return operation->text();
}

Pair read_pair(const pg::Row& row) {
  Pair pair;
  pair.link = row.text("o_link");
  pair.is_task = row.view("o_kind") == "task";
  pair.connection = row.text("o_connection_id");
  pair.connection_state = row.text("o_state");
  pair.base = row.maybe_text("o_base");
  pair.base_digest = row.text("o_base_digest");
  pair.base_at = row.maybe_time("o_base_at");
  pair.gone_reason = row.text("o_gone_reason");
  pair.is_local_winner = row.view("o_conflict") == "local";
  pair.labels = row.text("o_labels");
  pair.is_parent_there = row.boolean("o_is_parent_there");
  pair.local = row.maybe_text("o_local");
  pair.sent = row.maybe_text("o_sent");
  pair.is_deleted = row.boolean("o_is_deleted");
  pair.refused = row.text("o_refused");
  pair.said = row.maybe_text("o_said");
  pair.said_at = row.maybe_time("o_said_at");
  pair.flags = row.text("o_flags");
  pair.has_same_flags = !row.is_null("o_has_same_flags") && row.boolean("o_has_same_flags");
  pair.said_deleted_reason = row.text("o_said_deleted_reason");
  pair.moved_repository = row.maybe_integer("o_moved_repository_id");
  pair.moved_number = row.maybe_integer("o_moved_number");
  pair.github_id = row.maybe_integer("o_github_id");
  pair.author_id = row.maybe_integer("o_author_id");
  pair.created_at = row.text("o_created_at");
  pair.closed_at = row.text("o_closed_at");
  return pair;
}

}  // namespace

std::vector<Pair> load_pairs(pg::Connection& connection, std::span<const std::string> links) {
  const std::vector<std::string> ids(links.begin(), links.end());
  std::vector<Pair> pairs;
  for (const auto row : connection.query(call_merge_load, pg::Params(ids)))
    pairs.push_back(read_pair(row));
  return pairs;
}

void store_merges(pg::Connection& connection, const json::Json& changes,
                  const std::optional<base::OperationId>& operation) {
  connection.execute(call_merge_store, pg::Params(changes.compact(), text_of(operation)));
}

bool end_pair(pg::Connection& connection, const End& end,
              const std::optional<base::OperationId>& operation) {
  return connection
      .one(call_link_end,
           pg::Params(end.link, end.reason, end.lost, text_of(operation), end.is_approved))[0]
      .boolean("is_ended");
}

bool move_pair(pg::Connection& connection, const std::string& link, std::int64_t repository,
               std::int64_t number) {
  return connection.one(call_link_move, pg::Params(link, repository, number))[0].boolean(
      "is_moved");
}

void forget_end(pg::Connection& connection, const std::string& link) {
  connection.execute(call_end_forget, pg::Params(link));
}

bool keep_value(pg::Connection& connection, const std::string& link, const json::Json& fields,
                const std::optional<base::OperationId>& operation) {
  return connection.one(call_value_keep, pg::Params(link, fields.compact(), text_of(operation)))[0]
      .boolean("is_kept");
}

}  // namespace devy::sync
