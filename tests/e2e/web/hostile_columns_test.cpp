// Whatever the columns hold that pages show: every page is parsed, and shown in Chromium, with
// hostile text in each column of text that takes it.

#include "daemon/web/page.hpp"
#include "tests/e2e/web/console_fixture.hpp"
#include "tests/e2e/web/page_inspector.hpp"
#include "tests/support/web/browser.hpp"

namespace devy::testing {
namespace hostile_columns_test {

// Rows of everything that has none yet.
constexpr const char* more_rows = R"sql(
  set session_replication_role = replica;
  insert into devy.resource (kind, key, owner) values ('thing', 'key', 'owner');
  insert into devy.operation (id, kind, resource_id, owner, state, step, source, attempt, finished_at,
                              error_code, error_text, error_hint, requested_by, reason, event_id,
                              announced_revision, fetched_revision)
  select v.id::uuid, 'thing', r.id, 'owner', v.state, 'step', 'api', 1, v.at::timestamptz, 'code', 'text',
         'hint', 'by', 'reason', v.id, 'announced', 'fetched'
    from devy.resource r,
         (values ('00000000-0000-4000-8000-0000000000f1', 'failed', 'now'),
                 ('00000000-0000-4000-8000-0000000000f2', 'held', null)) v (id, state, at)
   where r.key = 'key';
  insert into devy.attempt (operation_id, fence, resource_id, number, worker, started_at, ended_at,
                            outcome, step, error_code, error_text)
  select o.id, 1, o.resource_id, 1, 'worker', now(), now(), 'failed', 'step', 'code', 'text'
    from devy.operation o where o.kind = 'thing';
  insert into devy.operation_event (operation_id, seq, state, step, attempt, detail)
  select o.id, 1, 'failed', 'step', 1,
         jsonb_build_object('code', v.text, 'message', v.text, 'reason', v.text, 'by', v.text)
    from devy.operation o, (values ($hostile$)) v (text) where o.kind = 'thing';
  insert into devy.bulk values ('00000000-0000-4000-8000-0000000000f3', 'replay', 'actor', 'reason',
                                '{}', 1, false);
  insert into devy.bulk_item values ('00000000-0000-4000-8000-0000000000f3', 1,
                                     '00000000-0000-4000-8000-0000000000f1', 'newer');
  insert into devy.delivery (guid, event, action, headers, body, verdict, verdict_reason)
  select '00000000-0000-4000-8000-0000000000f4', 'event', 'action', jsonb_build_object(v.text, v.text),
         convert_to(v.text, 'UTF8'), 'ignored', 'reason' from (values ($hostile$)) v (text);
  insert into devy.audit (actor, act, target, filter, reason, result)
  select 'actor', 'thing.done', 'target', jsonb_build_object(v.text, v.text), 'reason', 'result'
    from (values ($hostile$)) v (text);
  insert into devy.kind_pause values ('kind', 'reason'), ('upload', 'reason');
  update devy.resource set paused_until = 'infinity', paused_reason = 'reason' where key = 'key';
  insert into devy.owner_gate values ('owner', 'inbound', now() + interval '1 hour', 'reason');
  insert into devy.api_pause (name, not_before, reason) values ('api', now() + interval '1 hour', 'reason');
  insert into devy.tracked_user (external_id, login, github_id, state, failures, error, scanned_at, added_by)
  values ('id', 'tomek', 1, 'active', 2, 'error', now(), 'by');
  insert into devy.gist select repeat('a', 32), id, 'description', 'https://gist.example/a', now(), now()
    from devy.tracked_user;
  insert into devy.gist_file (gist_id, filename, version) values (repeat('a', 32), 'name', 1);
  insert into devy.gist_version (gist_file_id, number, tracked_user_id, blob, size, language, raw_url, content_state, seq)
  select f.id, 1, t.id, repeat('a', 40), 1, 'language', 'https://raw.example/a', 'whole', 1
    from devy.gist_file f, devy.tracked_user t;
  update devy.tracked_user set next_seq = 2;
  insert into devy.crm_item (kind, gist_file_id, state, error) select 'activity', id, 'refused', 'error' from devy.gist_file;
  insert into devy.crm_item (kind, tracked_user_id, state, error) select 'deal', id, 'refused', 'error' from devy.tracked_user;
  insert into devy.project (id, account_id, slug, title)
  select '00000000-0000-4000-8000-0000000000a1', id, 'plans', 'title' from devy.account where username = 'user1';
  insert into devy.project_repository (id, project_id, repository_id, name, resource_id, state, reason)
  select '00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-0000000000a1', 7, 'name', id, 'blocked', 'reason'
    from devy.resource where key = 'key';
  insert into devy.task (id, project_id, number, connection_id, title, body, labels, milestone)
  select '00000000-0000-4000-8000-0000000000a3', '00000000-0000-4000-8000-0000000000a1', 1,
         '00000000-0000-4000-8000-0000000000a2', 'title', 'body', array[left(v.text, 50)], 'milestone'
    from (values ($hostile$)) v (text);
  insert into devy.comment (task_id, body) values ('00000000-0000-4000-8000-0000000000a3', 'body');
  insert into devy.sync_link (id, kind, resource_id, connection_id, github_key, base)
  select '00000000-0000-4000-8000-0000000000a3', 'task', id, '00000000-0000-4000-8000-0000000000a2', 1, '{}'
    from devy.resource where key = 'key';
  insert into devy.record_version (record_id, version, origin, fields, is_lost, lost_to)
  select '00000000-0000-4000-8000-0000000000a3', n, 'local', jsonb_build_object('title', v.text), n = 2, 1
    from (values ($hostile$)) v (text), generate_series(1, 2) n;
  insert into devy.installation (id, github_account_id, login, account_type, permissions)
  select 1, 1, 'login', 'User', jsonb_build_object(v.text, v.text) from (values ($hostile$)) v (text);
  insert into devy.daemon values ('host+boot/1.1', 'version', 'ready', 1, 1))sql";

// Each column of text of each table that pages read: what a constraint refuses stays as it is.
constexpr const char* poison = R"sql(
  set session_replication_role = replica;
  do $do$
  declare
    c record;
    v_columns integer := 0;
  begin
    for c in
      select a.attrelid::regclass::text as name, a.attname as column
        from pg_attribute a join pg_class r on r.oid = a.attrelid
       where r.relnamespace = 'devy'::regnamespace and r.relkind = 'r' and a.attnum > 0
         and not a.attisdropped and a.atttypid = 'text'::regtype
         and has_column_privilege('devy_web', a.attrelid, a.attnum, 'select')
         and not a.attrelid in ('devy.schema_version'::regclass, 'devy.mirror_scan'::regclass)
         -- Words of ours that no column of text could hold otherwise.
         and (a.attrelid, a.attname) <> ('devy.delivery'::regclass, 'scope') loop
      begin
        execute format('update %s set %I = %L || ctid::text where %I is not null', c.name, c.column,
                       $hostile$, c.column);
        v_columns := v_columns + 1;
      exception when check_violation or unique_violation or string_data_right_truncation then null;
      end;
    end loop;
    if v_columns < 60 then raise exception 'only % columns took it', v_columns; end if;
  end $do$)sql";

// As a literal of SQL: elements, attributes, addresses, names of templates, text from right to
// left, and what looks like, or is, a control character.
constexpr const char* hostile_literal =
    "E'\"><script>alert(1)</script><img src=x onerror=alert(1)> \\'\"&< javascript:alert(1) {{X}} "
    "{{%AUTOESCAPE}} \\u202Eabc\\u2066 \\x01 \\\\u0000 '";

std::string with_hostile_text(std::string sql) {
  const std::string place = "$hostile$";
  for (auto at = sql.find(place); at != std::string::npos; at = sql.find(place, at))
    sql.replace(at, place.size(), hostile_literal);
  return sql;
}

class HostileColumns : public ConsoleFixture {
 protected:
  // Gists are on, and nobody is scanned by himself.
  HostileColumns() : ConsoleFixture("[gists]\nenabled = true\nevery = \"0s\"\nspread = \"0s\"\n") {}

  // Something that is there in place of each "*".
  [[nodiscard]] std::vector<std::string> paths_of(std::string_view pattern) const {
    const std::string path(pattern);
    if (path == "/operations/*") return ids("operation", "id");
    if (path == "/deliveries/*") return ids("delivery", "guid");
    if (path == "/queue/pause")
      return {path, path + "?kind=upload",
              path + "?resource=" + database_.scalar("select max(id) from devy.resource"),
              path + "?owner=%22%3E%3Cscript%3E&direction=inbound"};
    if (path == "/operations")
      return {path, path + "?state=failed&code=%22%3E%3Cscript%3Ealert%281%29&owner=%7B%7BX%7D%7D",
              path + "?done=00000000-0000-4000-8000-0000000000f3"};
    if (path == "/projects/*/*")
      return {"/projects/user1/plans", "/projects/user1/plans?q=%22%3E%3Cscript%3E"};
    if (path == "/tasks/*") return {"/tasks/00000000-0000-4000-8000-0000000000a3"};
    // Logins are ours, as names of blogs.
    if (path == "/gists/*") return {"/gists/tomek"};
    if (path == "/gists")
      return {path, path + "?state=%22%3E&from=%22%3E%3Cscript%3E", path + "?state=failing"};
    if (path == "/audit") return {path, path + "?actor=%22%3E%3Cscript%3E"};
    // Names of blogs are ours, and no column takes other ones.
    if (path == "/blogs/*/*") return {"/blogs/user1/blog"};
    if (path.find('*') != std::string::npos || path.starts_with("/login")) return {};
    return {path};
  }
  [[nodiscard]] std::vector<std::string> ids(const std::string& table,
                                             const std::string& column) const {
    std::vector<std::string> paths;
    const auto base = table == "delivery" ? "/deliveries/" : "/operations/";
    const auto all =
        database_.scalar("select string_agg(" + column + "::text, ' ') from devy." + table);
    for (std::size_t at = 0; at < all.size(); at += 37)
      paths.push_back(base + all.substr(at, 36));
    return paths;
  }
};

TEST_F(HostileColumns, StaysTextOnEveryPage) {
  static_cast<void>(trigger("user1/blog"));
  const auto browser = log_in("ada");
  const auto login = url() + login_path("ada");
  database_.execute(with_hostile_text(more_rows));
  database_.execute(with_hostile_text(poison));
  // A file whose gist has another id is shown nowhere.
  database_.execute(
      "set session_replication_role = replica; update devy.gist_file set gist_id = repeat('a', "
      "32)");
  int pages = 0;
  for (const auto& page : daemon::page_table()) {
    if (page.method != "GET") continue;
    for (const auto& path : paths_of(page.path)) {
      const auto answer = get(path, browser);
      EXPECT_TRUE(answer.status == 200 || page.path == "/search") << path << " " << answer.status;
      if (answer.status != 200) continue;
      ++pages;
      EXPECT_EQ(foreign_in(answer.body), std::vector<std::string>{}) << path;
      EXPECT_EQ(answer.body.find("<script>alert"), std::string::npos) << path;
      EXPECT_EQ(answer.body.find("{{"), answer.body.find("{{X}}")) << path;
    }
  }
  EXPECT_GE(pages, 22);
  const auto visit =
      get(location_of(post("/gists/tomek/visits", browser, "/gists/tomek", "")), browser);
  EXPECT_NE(visit.body.find("1 new since your last visit"), std::string::npos) << visit.body;
  EXPECT_EQ(foreign_in(visit.body), std::vector<std::string>{});
  // It is there to be seen.
  const auto failed = get("/operations/00000000-0000-4000-8000-0000000000f1", browser).body;
  EXPECT_NE(failed.find("&lt;script&gt;alert(1)"), std::string::npos);
  EXPECT_NE(get("/operations", browser).body.find("&lt;img src=x"), std::string::npos);
  // Steps, codes and kinds are words of ours: how wide such texts make a page says nothing.
  auto faults =
      faults_of_pages(url(),
                      {{"/operations/00000000-0000-4000-8000-0000000000f1", "hostile-operation"},
                       {"/deliveries/00000000-0000-4000-8000-0000000000f4", "hostile-delivery"},
                       {"/queue", "hostile-queue"}},
                      login);
  std::erase_if(faults, [](const std::string& fault) { return fault.ends_with(" px wide"); });
  EXPECT_EQ(faults, std::vector<std::string>{});
}

}  // namespace hostile_columns_test
}  // namespace devy::testing
