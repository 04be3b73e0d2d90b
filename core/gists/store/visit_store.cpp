#include "core/gists/store/visit_store.hpp"

namespace devy::gists {
namespace {

constexpr pg::Statement call_visit{"gist_visit", R"sql(
  select s.id, s.tracked_user_id, s.visitor, s.from_seq, s.to_seq, s.edits, s.is_more, t.login
    from gist_visit($1::text, $2::text, $3::boolean, $4::text, $5::integer) s
    join tracked_user t on t.id = s.tracked_user_id)sql",
                                   true};

constexpr pg::Statement select_look{"look_at_gists", R"sql(
  select 0 as id, t.id as tracked_user_id, $2::text as visitor, coalesce(v.seen_seq, 0) as from_seq,
         t.next_seq - 1 as to_seq, $3::boolean as edits, false as is_more, t.login
    from tracked_user t
    left join gist_visitor v on v.tracked_user_id = t.id and v.visitor = $2::text
   where t.login = lower($1::text) and t.state <> 'off')sql"};

constexpr pg::Statement select_session{"find_gist_session", R"sql(
  select s.id, s.tracked_user_id, s.visitor, s.from_seq, s.to_seq, s.edits, s.is_more, t.login
    from gist_session s join tracked_user t on t.id = s.tracked_user_id
   where s.id = $3::bigint and s.visitor = $2::text and t.login = lower($1::text))sql"};

constexpr pg::Statement select_news{"gist_news", R"sql(
  select o_gist_id, o_filename, o_raw_url, o_version, o_found_at
    from gist_news($1::uuid, $2::bigint, $3::bigint, $4::boolean))sql",
                                    true};

std::optional<Session> session_of(pg::Connection& connection,
                                  const std::optional<pg::Result>& rows) {
  if (!rows) return std::nullopt;
  const auto row = (*rows)[0];
  Session session;
  session.id = row.integer("id");
  session.visitor = row.text("visitor");
  session.from_seq = row.integer("from_seq");
  session.to_seq = row.integer("to_seq");
  session.has_edits = row.boolean("edits");
  session.is_more = row.boolean("is_more");
  const auto owner = row.text("login");
  if (session.from_seq == session.to_seq) return session;
  for (const auto file :
       connection.query(select_news, pg::Params(row.text("tracked_user_id"), session.from_seq,
                                                session.to_seq, session.has_edits)))
    session.files.push_back({file.text("o_gist_id"), owner, file.text("o_filename"),
                             file.text("o_raw_url"), static_cast<int>(file.integer("o_version")),
                             file.time("o_found_at")});
  return session;
}

}  // namespace

std::optional<Session> visit(pg::Connection& connection, const Visit& visit) {
  // The mark is moved and committed before anything is read: nobody waits for that.
  pg::Transaction transaction(connection);
  const auto rows = connection.maybe(
      call_visit,
      pg::Params(visit.login, visit.visitor, visit.has_edits, visit.key, visit.files_max));
  transaction.commit();
  return session_of(connection, rows);
}

std::optional<Session> look(pg::Connection& connection, const Visit& visit) {
  return session_of(connection, connection.maybe(select_look, pg::Params(visit.login, visit.visitor,
                                                                         visit.has_edits)));
}

std::optional<Session> find_session(pg::Connection& connection, const std::string& login,
                                    const std::string& visitor, std::int64_t id) {
  return session_of(connection, connection.maybe(select_session, pg::Params(login, visitor, id)));
}

json::Json session_json(const Session& session) {
  auto files = json::json_array(session.files, [](const NewsFile& file) {
    return json::Json::object({{"id", file.gist},
                               {"owner", file.owner},
                               {"filename", file.filename},
                               {"raw_url", file.raw_url},
                               {"version", file.version},
                               {"found_at", file.found_at}});
  });
  return json::Json::object({{"session", session.id == 0 ? json::Json() : json::Json(session.id)},
                             {"visitor", session.visitor},
                             {"from", session.from_seq},
                             {"to", session.to_seq},
                             {"more", session.is_more},
                             {"gists", std::move(files)}});
}

}  // namespace devy::gists
