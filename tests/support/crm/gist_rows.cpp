#include "tests/support/crm/gist_rows.hpp"

namespace devy::testing {
namespace {

std::string sql_quoted(std::string text) {
  for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2)
    text.insert(at, "'");
  return "'" + text + "'";
}

constexpr const char* functions = R"sql(
  do $$ begin
    execute format('alter database %I set search_path = devy, public', current_database());
  end $$;
  set search_path = devy;
  insert into tracked_user (external_id, login, github_id, state, added_by)
  values ('alice', 'alice', 7, 'active', 'test');
  create function test_store(p_gist text, p_name text, p_text text, p_company text, p_mode text,
                             p_on_edit text)
  returns text language plpgsql set search_path = devy as $$
  declare
    v_gist constant text := md5(p_gist);
    v_user uuid;
    v_seq bigint;
    v_file gist_file;
  begin
    update tracked_user set next_seq = next_seq + 1 returning id, next_seq into v_user, v_seq;
    insert into gist (id, tracked_user_id, html_url, created_at, updated_at)
    values (v_gist, v_user, 'https://gist.github.com/alice/' || v_gist, now(), now())
    on conflict (id) do nothing;
    insert into gist_file (gist_id, filename) select v_gist, p_name
     where not exists (select from gist_file where gist_id = v_gist and filename = p_name);
    update gist_file set version = version + 1 where gist_id = v_gist and filename = p_name
    returning * into v_file;
    insert into gist_version (gist_file_id, number, tracked_user_id, blob, size, raw_url, content,
                              content_state, seq)
    values (v_file.id, v_file.version, v_user, repeat('a', 40), octet_length(p_text),
            'https://raw.example/', convert_to(p_text, 'UTF8'), 'whole', v_seq);
    perform gist_crm_wanted(v_file.id, v_file.version, p_company, p_mode, p_on_edit);
    return (select id from crm_item where gist_file_id = v_file.id order by number desc limit 1);
  end $$)sql";

std::string wish_text(const CrmWish& wish) {
  return sql_quoted(wish.company) + ", " + sql_quoted(wish.mode) + ", " + sql_quoted(wish.on_edit);
}

}  // namespace

void track_alice(const TestDatabase& database) {
  database.execute(functions);
}

std::string store_gist_file(const TestDatabase& database, const std::string& path,
                            const std::string& text, const CrmWish& wish) {
  const auto slash = path.find('/');
  return database.scalar("select devy.test_store(" + sql_quoted(path.substr(0, slash)) + ", " +
                         sql_quoted(path.substr(slash + 1)) + ", " + sql_quoted(text) + ", " +
                         wish_text(wish) + ")");
}

void store_gist_files(const TestDatabase& database, int count, const std::string& text,
                      const CrmWish& wish) {
  static_cast<void>(database.scalar("select count(devy.test_store('g' || n % 10, n || '.md', " +
                                    sql_quoted(text + " of ") + " || n, " + wish_text(wish) +
                                    ")) from generate_series(1, " + std::to_string(count) + ") n"));
}

}  // namespace devy::testing
