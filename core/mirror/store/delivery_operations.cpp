#include "core/mirror/store/delivery_operations.hpp"

#include "core/platform/base/random.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::mirror {
namespace {

using Column = std::vector<std::optional<std::string>>;

constexpr pg::Statement call_known{"mirror_known", R"sql(
  select o_id, o_full_name, o_owner from mirror_known($1::bigint[]))sql",
                                   true};

constexpr pg::Statement call_is_installed{"mirror_is_installed", R"sql(
  select mirror_is_installed($1::bigint, $2::bigint[], $3::boolean) as is_concerned)sql"};

constexpr pg::Statement call_installation_change{"mirror_installation_change", R"sql(
  select o_id, o_full_name, o_owner
  from mirror_installation_change($1::bigint, $2::bigint[], $3::bigint[], $4::boolean))sql"};

constexpr pg::Statement call_deliveries_record{"mirror_deliveries_record", R"sql(
  select o_place, o_id
  from mirror_deliveries_record($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[],
                                $6::bigint[], $7::uuid[], $8::timestamptz[])
  order by o_place)sql",
                                               true};

constexpr pg::Statement select_of_deliveries{"select_mirror_operations_of_deliveries", R"sql(
  select n.place, m.operation_id
  from unnest($1::uuid[]) with ordinality as n (guid, place)
  join mirror_operation m on m.delivery_guid = n.guid
  order by n.place, m.operation_id)sql"};

Column texts_of_ids(const std::vector<std::int64_t>& ids) {
  Column column;
  for (const auto id : ids)
    column.emplace_back(std::to_string(id));
  return column;
}

std::map<std::int64_t, KnownRepository> read_known(const pg::Result& rows) {
  std::map<std::int64_t, KnownRepository> known;
  for (const auto row : rows)
    known.emplace(row.integer("o_id"),
                  KnownRepository{row.text("o_full_name"), row.text("o_owner")});
  return known;
}

}  // namespace

std::map<std::int64_t, KnownRepository> known_repositories(pg::Connection& connection,
                                                           const std::vector<std::int64_t>& ids) {
  return read_known(connection.query(call_known, pg::Params(texts_of_ids(ids))));
}

bool is_concerned(pg::Connection& connection, const InstallationChange& change) {
  auto ids = change.gained;
  ids.insert(ids.end(), change.lost.begin(), change.lost.end());
  return connection
      .one(call_is_installed,
           pg::Params(change.installation, texts_of_ids(ids), change.is_whole_lost))[0]
      .boolean("is_concerned");
}

std::map<std::int64_t, KnownRepository> note_installation(pg::Connection& connection,
                                                          const InstallationChange& change) {
  return read_known(connection.query(call_installation_change,
                                     pg::Params(change.installation, texts_of_ids(change.gained),
                                                texts_of_ids(change.lost), change.is_whole_lost)));
}

std::vector<base::OperationId> record_brought(pg::Connection& connection,
                                              const std::vector<Brought>& brought) {
  Column id, kind, key, owner, target, repository, guid, event_at;
  for (const auto& one : brought) {
    id.emplace_back(base::system_random().uuid());
    kind.emplace_back(one.kind);
    key.emplace_back(one.key);
    owner.emplace_back(one.owner);
    target.emplace_back(one.target);
    repository.emplace_back(std::to_string(one.repository_id));
    guid.emplace_back(one.guid);
    event_at.emplace_back();
    if (one.event_at) event_at.back() = base::format_rfc3339(*one.event_at);
    if (one.is_end) event_at.back() = "infinity";
  }
  std::vector<base::OperationId> recorded;
  for (const auto row :
       connection.query(call_deliveries_record,
                        pg::Params(id, kind, key, owner, target, repository, guid, event_at)))
    recorded.push_back(base::OperationId::trusted(row.text("o_id")));
  return recorded;
}

std::vector<std::vector<base::OperationId>> operations_of_deliveries(
    pg::Connection& connection, std::span<const std::string> guids) {
  std::vector<std::vector<base::OperationId>> found(guids.size());
  const std::vector<std::string> column(guids.begin(), guids.end());
  for (const auto row : connection.query(select_of_deliveries, pg::Params(column)))
    found.at(static_cast<std::size_t>(row.integer("place")) - 1)
        .push_back(base::OperationId::trusted(row.text("operation_id")));
  return found;
}

}  // namespace devy::mirror
