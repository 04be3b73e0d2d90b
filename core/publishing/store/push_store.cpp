#include "core/publishing/store/push_store.hpp"

#include "core/platform/base/random.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"
#include "core/publishing/post/document.hpp"

namespace devy::publishing {
namespace {

constexpr pg::Statement call_pushes_consider{"upload_pushes_consider", R"sql(
  select o_place, o_is_busy, o_is_known, coalesce(o_obstacle, '') as obstacle
    from upload_pushes_consider(
      p_github_id => $1::bigint[],
      p_may_hint => $2::boolean[],
      p_url => $3::text[],
      p_branch => $4::text[],
      p_default_branch => $5::text[],
      p_waits_for_locks => $6::boolean))sql",
                                             true};

constexpr pg::Statement call_pushes_record{"upload_pushes_record", R"sql(
  select o_place, o_operation_id
    from upload_pushes_record(
      p_guid => $1::uuid[],
      p_operation_id => $2::uuid[],
      p_github_id => $3::bigint[],
      p_may_hint => $4::boolean[],
      p_is_own => $5::boolean[],
      p_url => $6::text[],
      p_branch => $7::text[],
      p_default_branch => $8::text[],
      p_owner => $9::text[],
      p_name => $10::text[],
      p_is_private => $11::boolean[],
      p_installation => $12::bigint[],
      p_event_at => $13::timestamptz[],
      p_revision => $14::text[],
      p_renderer => $15::integer,
      p_max_attempts => $16::integer))sql",
                                           true};

constexpr pg::Statement select_uploads_of_deliveries{"select_uploads_of_deliveries", R"sql(
  select n.place, u.operation_id
    from unnest($1::uuid[]) with ordinality as n (guid, place)
    join upload u on u.delivery_guid = n.guid
   order by n.place)sql"};

using Column = std::vector<std::optional<std::string>>;

std::optional<std::string> flag(bool value) {
  return value ? "t" : "f";
}

std::size_t place_of(const pg::Row& row, const char* column) {
  return static_cast<std::size_t>(row.integer(column) - 1);
}

}  // namespace

std::vector<ConsideredPush> consider_pushes(pg::Connection& connection,
                                            std::span<const PushedTo> pushes, bool may_wait) {
  Column github_id, may_hint, url, branch, default_branch;
  for (const auto& push : pushes) {
    github_id.emplace_back(std::to_string(push.github_id));
    may_hint.push_back(flag(push.may_hint));
    url.push_back(base::unless_empty(push.url));
    branch.emplace_back(push.branch);
    default_branch.push_back(base::unless_empty(push.default_branch));
  }
  std::vector<ConsideredPush> considered(pushes.size());
  for (const auto row :
       connection.query(call_pushes_consider,
                        pg::Params(github_id, may_hint, url, branch, default_branch, may_wait)))
    considered.at(place_of(row, "o_place")) = {row.boolean("o_is_busy"), row.boolean("o_is_known"),
                                               row.text("obstacle")};
  return considered;
}

std::vector<std::optional<base::UploadId>> record_pushes(pg::Connection& connection,
                                                         std::span<const PushedTo> pushes,
                                                         int max_attempts) {
  Column guid, id, github_id, may_hint, is_own, url, branch, default_branch, owner, name,
      is_private, installation, event_at, revision;
  for (const auto& push : pushes) {
    guid.emplace_back(push.guid);
    id.emplace_back(base::system_random().uuid());
    github_id.emplace_back(std::to_string(push.github_id));
    may_hint.push_back(flag(push.may_hint));
    is_own.push_back(flag(push.is_own));
    url.push_back(base::unless_empty(push.url));
    branch.emplace_back(push.branch);
    default_branch.push_back(base::unless_empty(push.default_branch));
    owner.push_back(base::unless_empty(push.owner));
    name.push_back(base::unless_empty(push.name));
    is_private.push_back(push.is_private ? flag(*push.is_private) : std::nullopt);
    installation.push_back(push.installation ? std::optional(std::to_string(*push.installation))
                                             : std::nullopt);
    event_at.push_back(push.pushed_at ? std::optional(base::format_rfc3339(*push.pushed_at))
                                      : std::nullopt);
    revision.push_back(base::unless_empty(push.commit));
  }
  std::vector<std::optional<base::UploadId>> recorded(pushes.size());
  for (const auto row :
       connection.query(call_pushes_record,
                        pg::Params(guid, id, github_id, may_hint, is_own, url, branch,
                                   default_branch, owner, name, is_private, installation, event_at,
                                   revision, post::renderer_version, max_attempts)))
    recorded.at(place_of(row, "o_place")) = base::UploadId::trusted(row.text("o_operation_id"));
  return recorded;
}

std::vector<std::vector<base::UploadId>> uploads_of_deliveries(pg::Connection& connection,
                                                               std::span<const std::string> guids) {
  std::vector<std::vector<base::UploadId>> uploads(guids.size());
  const std::vector<std::string> all(guids.begin(), guids.end());
  for (const auto row : connection.query(select_uploads_of_deliveries, pg::Params(all)))
    uploads.at(place_of(row, "place")).push_back(base::UploadId::trusted(row.text("operation_id")));
  return uploads;
}

}  // namespace devy::publishing
