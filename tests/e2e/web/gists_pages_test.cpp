// The pages of gists: a user of GitHub tracked, scanned and visited, what the CRM refused told
// again, and pages as Chromium shows them. DEVY_SCREENSHOTS=<folder> keeps pictures.

#include "tests/e2e/web/console_fixture.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/time_factor.hpp"
#include "tests/support/web/browser.hpp"

namespace devy::testing {
namespace gists_pages_test {

// It is there before the daemon, whose configuration names it.
struct GithubWithGists {
  GithubWithGists() {
    static_cast<void>(github_.control(R"json([
      {"do":"create_user","login":"tomek"}, {"do":"limit","limit":100000},
      {"do":"create_gist","owner":"tomek","description":"Alarm below three degrees",
       "files":{"frost-alarm.py":{"content":"print(3)","language":"Python"}}},
      {"do":"create_gist","owner":"tomek","description":"Which tray is where",
       "files":{"trays.sql":{"content":"select 1"},"trays.md":{"content":"# Trays"}}}])json"));
  }
  GithubState github_;
};

class GistsPage : protected GithubWithGists, public ConsoleFixture {
 protected:
  GistsPage()
      : ConsoleFixture("[github]\napi_url = \"" + github_.url() +
                       "\"\n[gists]\nenabled = true\n[crm]\ncompany = \"garden\"\n") {}

  void wait_for(const std::string& condition) const {
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(60);
    for (; database_.scalar(condition) != "t"; pause_before_looking_again())
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error(
            "not yet: " + condition + "\n" +
            database_.scalar("select string_agg(concat_ws(' ', kind, state, error_text), '; ') "
                             "from operation where kind = 'gist_scan'"));
  }
  void wait_for_scan() const {
    wait_for(
        "select count(*) = 1 from tracked_user where login = 'tomek' and operation_id is null "
        "and scanned_at is not null and not is_full_wanted");
  }
  // The page that a form leads to.
  [[nodiscard]] std::string after(const std::string& path, const Browser& browser,
                                  const std::string& page, const std::string& form) const {
    const auto answer = post(path, browser, page, form);
    EXPECT_EQ(answer.status, 303) << answer.body;
    return location_of(answer);
  }
  [[nodiscard]] std::string acts() const {
    return database_.scalar(
        "select string_agg(act || ' ' || target, ', ' order by id) from audit where act like "
        "'gist.%'");
  }
};

bool has(const std::string& page, const std::string& text) {
  return page.find(text) != std::string::npos;
}

TEST_F(GistsPage, ShowsEachVisitorOnceWhatScansFind) {
  const auto operator_ = log_in("ada"), user = log_in("user1");
  EXPECT_TRUE(has(get("/gists", operator_).body, "Nobody is tracked yet. Track"));
  EXPECT_TRUE(has(get("/gists", user).body, "An operator says whose"));
  EXPECT_EQ(after("/gists", operator_, "/gists", "act=track&login=Tomek&id=77"),
            "/gists/tomek?done=tracked");
  wait_for_scan();
  auto page = get("/gists/tomek", user).body;
  EXPECT_TRUE(has(page, "3 new since your last visit")) << page;
  EXPECT_TRUE(has(page, "2 gists, 3 files"));
  EXPECT_FALSE(has(page, "Scan now")) << "an operator's";

  // A visit is a page of its own that shows the same again; the form sent twice is one visit.
  const auto visit = after("/gists/tomek/visits", user, "/gists/tomek", "key=one");
  EXPECT_EQ(after("/gists/tomek/visits", user, "/gists/tomek", "key=one"), visit);
  for (int times = 0; times < 2; ++times) {
    page = get(visit, user).body;
    EXPECT_TRUE(has(page, "3 new since your last visit")) << page;
    EXPECT_TRUE(has(page, "<small class=\"soft\">version 1</small>")) << page;
  }
  EXPECT_TRUE(has(get("/gists/tomek", user).body, "Nothing new since your last visit"));
  EXPECT_TRUE(has(get("/gists/tomek", operator_).body, "3 new since your last visit"))
      << "each has his own";
  EXPECT_EQ(get(visit, operator_).status, 404) << "it is somebody else's";
  EXPECT_EQ(get("/gists/tomek?visit=x", user).status, 404);
  EXPECT_EQ(database_.scalar("select count(distinct visitor) || ' ' || count(*) from gist_session"),
            "1 1");

  // While a scan waits, the page asks again.
  static_cast<void>(run_command({"queue", "pause", "--reason", "a test"}));
  EXPECT_EQ(after("/gists/tomek", operator_, "/gists/tomek", "act=scan"), "/gists/tomek?done=scan");
  EXPECT_EQ(after("/gists/tomek", operator_, "/gists", "act=scan&from=list"), "/gists?done=scan");
  EXPECT_EQ(
      database_.scalar("select count(*) || ' ' || min(requested_by) from operation where kind "
                       "= 'gist_scan' and finished_at is null"),
      "1 web:ada");
  for (const char* path : {"/gists", "/gists/tomek"}) {
    const auto part = get(path, user, {{"HX-Request", "true"}}).body;
    EXPECT_TRUE(has(part, "the scan waits") && has(part, "every 2s") && !has(part, "<html"))
        << part;
    const auto at = part.find("seen=");
    ASSERT_NE(at, std::string::npos);
    const auto again =
        get(std::string(path) + "?" + part.substr(at, 21), user, {{"HX-Request", "true"}});
    EXPECT_EQ(again.status, 204) << again.body;
  }
  static_cast<void>(run_command({"queue", "resume"}));
  wait_for_scan();
  EXPECT_FALSE(has(get("/gists/tomek", user, {{"HX-Request", "true"}}).body, "hx-get"));

  EXPECT_EQ(after("/gists/tomek", operator_, "/gists/tomek", "act=remove"),
            "/gists/tomek?done=removed");
  EXPECT_FALSE(has(get("/gists", user).body, "/gists/tomek"));
  EXPECT_TRUE(has(get("/gists?state=off", user).body, "/gists/tomek"));
  EXPECT_EQ(post("/gists/tomek/visits", user, "/gists", "").status, 403) << "no form of that page";
  EXPECT_EQ(post("/gists/tomek/visits", user, "/account", "").status, 409);
  EXPECT_EQ(post("/gists/tomek", operator_, "/gists", "act=scan").status, 409);
  EXPECT_EQ(after("/gists/tomek", operator_, "/gists/tomek", "act=track"),
            "/gists/tomek?done=tracked");
  EXPECT_EQ(acts(),
            "gist.track tomek, gist.scan tomek, gist.scan tomek, gist.untrack tomek, "
            "gist.track tomek");
}

// Users in each state, and items of the CRM in each.
constexpr const char* rows = R"sql(
  insert into tracked_user (external_id, login, github_id, state, scanned_at, scan_at, failures, error, added_by)
  select 'id' || n, login, 9000 + n, state, now() - interval '10 minutes', now() + interval '2 hours', failures,
         error, 'web:ada'
    from (values (1, 'alma', 'active', 0, null),
                 (2, 'boris', 'active', 3, 'GitHub is not to be reached: timed out after 20 s'),
                 (3, 'cecil', 'missing', 0, null), (4, 'dana', 'new', 0, null),
                 (5, 'emil', 'off', 0, 'the same user of GitHub is tracked already')) v (n, login, state, failures, error);
  insert into tracked_user (external_id, login, github_id, state, scan_at, added_by)
  select 'many' || n, 'many' || lpad(n::text, 2, '0'), 9100 + n, 'active', now() + interval '2 hours', 'web:ada'
    from generate_series(1, 60) n;
  insert into gist (id, tracked_user_id, description, html_url, created_at, updated_at, gone_at, gone_reason)
  select lpad(to_hex(n), 32, '0'), t.id, case when n <> 4 then 'Notes on looms, number ' || n end,
         'https://gist.github.com/alma/' || n, now(), now() - n * interval '1 hour',
         case when n = 4 then now() end, case when n = 4 then 'secret' end
    from tracked_user t, generate_series(1, 60) n where login = 'alma';
  insert into gist_file (gist_id, filename, version)
  select id, 'loom-' || f || '.md', 1 from gist, generate_series(1, 25) f
   where id = lpad('1', 32, '0') or f = 1;
  insert into gist_version (gist_file_id, number, tracked_user_id, blob, size, language, raw_url, content_state, seq)
  select f.id, 1, g.tracked_user_id, repeat('a', 40), 2100, 'Markdown', 'https://raw.example/x', 'whole',
         row_number() over (order by f.gist_id, f.filename)
    from gist_file f join gist g on g.id = f.gist_id;
  update tracked_user set next_seq = 1000 where login = 'alma';
  insert into crm_item (kind, gist_file_id, state, sent, remote_id, error)
  select 'activity', f.id, v.state, case when v.state in ('sent', 'gone') then 1 else 0 end,
         case when v.state in ('sent', 'gone') then 9021 end,
         case when v.state = 'refused' then 'deal 4410 is closed' end
    from (values (1, 'sent'), (2, 'pending'), (3, 'refused'), (5, 'gone')) v (n, state)
    join gist_file f on f.gist_id = lpad(v.n::text, 32, '0') and f.filename = 'loom-1.md';
  insert into crm_item (kind, tracked_user_id, state, error)
  select 'deal', id, 'refused', 'no such owner' from tracked_user where login = 'alma')sql";

TEST_F(GistsPage, ShowsEachStateToWhomItConcerns) {
  static_cast<void>(run_command({"queue", "pause", "--reason", "a test"}));
  database_.execute(rows);
  const auto operator_ = log_in("ada"), user = log_in("user1");

  // Page after page, none twice; filters in the address.
  const auto first = get("/gists", user).body;
  EXPECT_TRUE(has(first, "/gists/alma") && has(first, "/gists/many01"));
  EXPECT_FALSE(has(first, "/gists/many60") || has(first, "/gists/emil"));
  auto more = first.substr(first.rfind("href=\"/gists?", first.find("\">More<")) + 6);
  more = more.substr(0, more.find('"'));
  for (auto at = more.find("&amp;"); at != std::string::npos; at = more.find("&amp;"))
    more.replace(at, 5, "&");
  const auto second = get(more, user).body;
  EXPECT_TRUE(has(second, "/gists/many60")) << more;
  EXPECT_FALSE(has(second, "/gists/many01") || has(second, ">More<"));
  EXPECT_TRUE(
      has(get("/gists?state=failing", user).body, "the last 3 scans failed: GitHub is not"));
  EXPECT_FALSE(has(get("/gists?state=failing", user).body, "/gists/alma"));
  EXPECT_TRUE(has(get("/gists?state=missing", user).body, "/gists/cecil"));
  EXPECT_TRUE(has(get("/gists?state=off", user).body, "/gists/emil"));
  EXPECT_FALSE(has(get("/gists?from=many3", user).body, "/gists/many29"));
  EXPECT_TRUE(has(get("/gists?from=many3", user).body, "/gists/many30"));
  const auto gists = get("/gists/alma", operator_).body;
  EXPECT_TRUE(has(gists, "number 1<") && has(gists, "number 50<") && !has(gists, "number 51<"));
  EXPECT_TRUE(has(gists, "and 5 more at GitHub"));
  const auto older = get("/gists/alma?before=" + std::string(30, '0') + "32", operator_).body;
  EXPECT_TRUE(has(older, "number 51<") && has(older, "number 60<") && !has(older, "number 50<"));
  EXPECT_TRUE(has(get("/gists/alma?state=gone", user).body, "made secret"));
  EXPECT_FALSE(has(get("/gists/alma?state=gone", user).body, "number 1<"));

  // The CRM is an operator's, and so is every act but a visit.
  EXPECT_TRUE(has(gists, "deal 4410 is closed") && has(gists, "Send again"));
  EXPECT_FALSE(has(get("/gists/alma", user).body, "CRM"));
  EXPECT_FALSE(has(first, "CRM") || has(first, "Track another user") || has(first, "Scan now"));
  for (const char* form : {"act=track&login=x", "retry=x"})
    EXPECT_EQ(post("/gists", user, "/account", form).status, 404) << form;
  for (const char* act : {"act=scan", "act=remove", "act=track"})
    EXPECT_EQ(post("/gists/alma", user, "/account", act).status, 404) << act;
  EXPECT_EQ(post_bare("/gists/alma/visits", user, "key=a").status, 403);
  EXPECT_EQ(get("/gists/nobody", operator_).status, 404);
  EXPECT_EQ(post("/gists", operator_, "/gists", "act=nothing").status, 400);
  EXPECT_EQ(post("/gists/alma", operator_, "/gists", "act=nothing").status, 400);

  // A form that is wrong comes back with what was typed.
  for (const auto& [form, error] : std::vector<std::pair<std::string, std::string>>{
           {"login=a%20b", "This is no login of GitHub"},
           {"login=zoe&id=a%20b", "An id has up to 64 letters"},
           {"login=zoe&id=id1", "Another user is tracked by this id"},
           {"login=alma&id=other", "He is tracked by another id already"}}) {
    const auto answer = post("/gists", operator_, "/gists", "act=track&" + form);
    EXPECT_EQ(answer.status, 422) << form;
    EXPECT_TRUE(has(answer.body, error) && has(answer.body, "aria-invalid")) << answer.body;
  }
  EXPECT_EQ(acts(), "") << "nothing was done";

  // A session of its own: each may act so often a minute.
  const auto again = log_in("ada");
  const auto page = get("/gists", again).body;
  EXPECT_TRUE(has(page, "garden: 1 waits") && has(page, "2 refused, 1 deleted there")) << page;
  const auto item = [&](const char* state) {
    return database_.scalar("select id from crm_item where kind = 'activity' and state = '" +
                            std::string(state) + "'");
  };
  const auto refused = item("refused"), sent = item("sent");
  EXPECT_EQ(after("/gists", again, "/gists/alma", "retry=" + refused + "&from=alma"),
            "/gists/alma?done=retried");
  EXPECT_EQ(after("/gists", again, "/gists", "retry=" + item("gone")), "/gists?done=retried");
  EXPECT_EQ(
      database_.scalar("select count(*) from crm_item where state = 'pending' and error is null "
                       "and remote_id is null"),
      "3");
  EXPECT_EQ(database_.scalar("select count(*) from operation where kind = 'crm'"), "1");
  EXPECT_EQ(post("/gists", again, "/gists", "retry=" + sent).status, 409);
  EXPECT_EQ(post("/gists", again, "/gists", "retry=nothing").status, 404);
  EXPECT_TRUE(acts().starts_with("gist.retry " + refused + ", gist.retry ")) << acts();

  database_.execute(
      "update crm_item set state = 'refused', error = 'deal 4410 is closed' where id = '" +
      refused +
      "'; delete from tracked_user where login like 'many%'; delete from gist where id > lpad('6', "
      "32, '0')");
  EXPECT_EQ(after("/gists/alma", again, "/gists/alma", "act=scan"), "/gists/alma?done=scan");
  EXPECT_EQ(faults_of_pages(url(), {{"/gists", "gists-operator"}, {"/gists/alma", "gists-alma"}},
                            url() + login_path("ada")),
            std::vector<std::string>{});
  EXPECT_EQ(
      faults_of_pages(url(),
                      {{after("/gists/alma/visits", user, "/gists/alma", "key=a"), "gists-visit"},
                       {"/gists/boris", "gists-failing"}},
                      url() + login_path("user1")),
      std::vector<std::string>{});
}

}  // namespace gists_pages_test
}  // namespace devy::testing
