#include "core/gists/store/routine_store.hpp"

namespace devy::gists {
namespace {

constexpr pg::Statement select_routines{"list_routines", R"sql(
  select * from routine order by id desc limit $1::integer)sql"};

constexpr pg::Statement select_routine{"find_routine", R"sql(
  select * from routine where id = $1::bigint)sql"};

constexpr pg::Statement select_added{"gists_of_routine", R"sql(
  select r.gist_id, t.login
    from routine_gist_user r join tracked_user t on t.id = r.tracked_user_id
   where r.routine_id = $1::bigint order by t.login, r.gist_id limit $2::integer)sql"};

Routine routine_of(const pg::Row& row) {
  Routine routine;
  routine.id = row.integer("id");
  routine.reason = row.text("reason");
  routine.started_at = row.time("started_at");
  routine.finished_at = row.maybe_time("finished_at");
  routine.pending = row.integer("pending");
  routine.users = row.integer("users");
  routine.failed = row.integer("failed");
  routine.gists = row.integer("gists");
  routine.files = row.integer("files");
  return routine;
}

}  // namespace

std::vector<Routine> list_routines(pg::Connection& connection, int limit) {
  std::vector<Routine> routines;
  for (const auto row : connection.query(select_routines, pg::Params(limit)))
    routines.push_back(routine_of(row));
  return routines;
}

std::optional<Routine> find_routine(pg::Connection& connection, std::int64_t id) {
  const auto rows = connection.maybe(select_routine, pg::Params(id));
  return rows ? std::optional(routine_of((*rows)[0])) : std::nullopt;
}

std::vector<AddedGist> gists_of_routine(pg::Connection& connection, std::int64_t id, int limit) {
  std::vector<AddedGist> added;
  for (const auto row : connection.query(select_added, pg::Params(id, limit)))
    added.push_back({row.text("gist_id"), row.text("login")});
  return added;
}

json::Json routine_json(const Routine& routine) {
  return json::Json::object({{"id", routine.id},
                             {"reason", routine.reason},
                             {"started_at", routine.started_at},
                             {"finished_at", routine.finished_at},
                             {"pending", routine.pending},
                             {"users", routine.users},
                             {"failed", routine.failed},
                             {"gists", routine.gists},
                             {"files", routine.files}});
}

}  // namespace devy::gists
