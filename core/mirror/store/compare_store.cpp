#include "core/mirror/store/compare_store.hpp"

#include "core/mirror/store/sent_document.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::mirror {
namespace {

constexpr pg::Statement compare_documents{"mirror_compare", R"sql(
  select o_id, o_number, coalesce(o_key, '') as o_key, o_fields
  from mirror_compare($1::text, $2::jsonb, $3::timestamptz))sql",
                                          true};

constexpr pg::Statement select_sample{"mirror_sample", R"sql(
  select o_list, o_id, o_number, o_key from mirror_sample($1::bigint, $2::integer))sql"};

constexpr pg::Statement select_older{"mirror_older_rows", R"sql(
  select $1::text as o_list, o_id,
         case when $1::text in ('issues', 'pulls', 'milestones') then o_key::integer end as o_number, o_key
  from mirror_unseen($1::text, $2::bigint, $3::timestamptz, $4::bigint, $5::integer)
  where o_key is not null)sql"};

constexpr pg::Statement select_is_there{"mirror_is_still_there", R"sql(
  select exists (select from mirror_unseen($1::text, $2::bigint, $3::timestamptz, $4::bigint - 1, 1) where o_id = $4::bigint)
         and not mirror_is_awaited($5::text, $4::bigint) as is_there)sql"};

std::vector<PickedRow> read_picked(const pg::Result& rows) {
  std::vector<PickedRow> picked;
  for (const auto row : rows)
    picked.push_back({row.text("o_list"), row.integer("o_id"), row.maybe_integer("o_number"),
                      row.text("o_key")});
  return picked;
}

}  // namespace

std::vector<Difference> compare(pg::Connection& connection, const records::Records& records,
                                records::Relation relation, base::TimePoint sent_at) {
  const ApplyOptions options{records::Via::api, sent_at, std::nullopt, relation};
  auto documents = json::Json::array();
  for (const auto* record : records.of(relation))
    documents.push(sent_document(*record, options));
  std::vector<Difference> differences;
  if (documents.size() == 0) return differences;
  for (const auto row : connection.query(
           compare_documents, pg::Params(records::to_string(relation), documents.compact(),
                                         base::format_rfc3339(sent_at))))
    differences.push_back({row.integer("o_id"), row.maybe_integer("o_number"), row.text("o_key"),
                           row.texts("o_fields")});
  return differences;
}

std::vector<PickedRow> pick_rows(pg::Connection& connection, std::int64_t repository_id,
                                 int count) {
  return read_picked(connection.query(select_sample, pg::Params(repository_id, count)));
}

std::vector<PickedRow> older_rows(pg::Connection& connection, const OlderRows& rows,
                                  std::int64_t after_id, int limit) {
  return read_picked(connection.query(
      select_older,
      pg::Params(rows.list, rows.repository_id, base::format_rfc3339(rows.than), after_id, limit)));
}

bool is_still_there(pg::Connection& connection, const OlderRows& rows, records::Relation relation,
                    std::int64_t id) {
  return connection
      .one(select_is_there,
           pg::Params(rows.list, rows.repository_id, base::format_rfc3339(rows.than), id,
                      records::to_string(relation)))[0]
      .boolean("is_there");
}

}  // namespace devy::mirror
