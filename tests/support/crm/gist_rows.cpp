#include "tests/support/crm/gist_rows.hpp"

namespace devy::testing {
namespace {

std::string sql_quoted(std::string text) {
  for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2)
    text.insert(at, "'");
  return "'" + text + "'";
}

}  // namespace

void track_alice(const TestDatabase& database) {
  database.execute(
      "insert into devy.tracked_user (external_id, login, github_id, state, added_by) "
      "values ('alice', 'alice', 7, 'active', 'test')");
}

std::string store_gist_file(const TestDatabase& database, const std::string& path,
                            const std::string& text, const CrmWish& wish) {
  const auto slash = path.find('/');
  const auto gist = "lpad(md5(" + sql_quoted(path.substr(0, slash)) + "), 32, '0')";
  const auto name = sql_quoted(path.substr(slash + 1));
  database.execute(
      "set search_path = devy; "
      "insert into gist (id, tracked_user_id, html_url, created_at, updated_at) select " +
      gist + ", id, 'https://gist.github.com/alice/' || " + gist +
      ", now(), now() from tracked_user on conflict (id) do nothing; "
      "insert into gist_file (gist_id, filename) select " +
      gist + ", " + name + " where not exists (select from gist_file where gist_id = " + gist +
      " and filename = " + name +
      "); "
      "with f as (update gist_file set version = version + 1 where gist_id = " +
      gist + " and filename = " + name +
      " returning *), "
      "u as (update tracked_user set next_seq = next_seq + 1 returning id, next_seq), "
      "v as (insert into gist_version (gist_file_id, number, tracked_user_id, blob, size, "
      "raw_url, content, content_state, seq) select f.id, f.version, u.id, "
      "repeat('a', 40), octet_length(c), 'https://raw.example/', c, 'whole', u.next_seq "
      "from f, u, convert_to(" +
      sql_quoted(text) +
      ", 'UTF8') c returning gist_file_id) "
      "select count(*) from v; "
      "select gist_crm_wanted(f.id, f.version, " +
      sql_quoted(wish.company) + ", " + sql_quoted(wish.mode) + ", " + sql_quoted(wish.on_edit) +
      ") from gist_file f where gist_id = " + gist + " and filename = " + name);
  return database.scalar(
      "select (select c.id from devy.crm_item c join devy.gist_file f on f.id = c.gist_file_id where "
      "f.gist_id = " +
      gist + " and f.filename = " + name + " order by c.number desc limit 1)");
}

}  // namespace devy::testing
