// A database that an earlier version has filled is brought to today's, row for row, and goes on.
#include <algorithm>
#include <sstream>

#include "core/platform/cluster/init.hpp"
#include "core/platform/cluster/programs.hpp"
#include "core/platform/schema/schema_store.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace upgrade_test {

using testing::changes_text;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

// What an upload does not write itself: of each table that stays empty without it, a row.
constexpr const char* other_rows = R"sql(
  insert into daemon values ('host/1.2', '0.1.0', 'ready', 2, 1);
  insert into delivery (guid, event, headers, body, verdict)
  values (gen_random_uuid(), 'ping', '{"x": "y"}', '\x00ff', 'ignored');
  insert into commit_status (repository_id, commit, operation_id, sent, sent_state)
  select b.repository_id, u.commit, u.operation_id, 1, 'success'
    from upload u join blog b on b.id = u.blog_id limit 1;
  insert into api_pause values ('api', now(), 1, 'rate limit');
  insert into hook (key) values ('app');
  insert into missed_delivery values (gen_random_uuid(), 'app', 'push');
)sql";

constexpr const char* empty_tables = R"sql(
  select relname from pg_class
   where relnamespace = 'devy'::regnamespace and relkind = 'r'
     and relname not in ('token_denied', 'owner_gate', 'body_budget', 'operation_count', 'prune_pass',
                         'api_budget', 'api_write', 'api_slot', 'operation_minute',
                         'operation_minute_until', 'web_session', 'session_token', 'login_attempt',
                         'login_link', 'audit', 'blog_hook', 'bulk', 'bulk_item', 'kind_pause', 'file',
                         'file_owner', 'file_token', 'file_upload', 'file_reference', 'file_storage',
                         'file_s3_pause', 'content', 'tracked_user', 'routine', 'routine_gist_user',
                         'crm_item', 'user_token', 'installation', 'task', 'task_assignee', 'comment',
                         'record_version', 'budget_minute')
     and relname not like 'mirror\_%' and relname not like 'gist%'
     and relname not like 'project%' and relname not like 'sync\_%'
     and query_to_xml(format('select 1 from devy.%I', relname), false, true, '')::text = ''
   order by 1)sql";

// Columns that version 1 has not, each the last of their table.
struct LaterColumns {
  std::string text;
  int count = 1;
};
const std::vector<LaterColumns> later_columns{
    {", pack_bytes, told_at, claim, claimed_at, asked_at)", 5},
    {", file_bytes, date_source, title_id, slug_basis, aliases, anchors, list_order, digest)", 8},
    {", left_out)"},
    {", lane, stalled_for, stalled_at, stalled_steps)", 4},
    {", repeats, repeated_since)", 2},
    {", lane, direction)", 2},
    {", github_id, is_operator)", 2},
    {", url)"},
    {", secondary_at)"},
    {", newest_outbound_id, completed_event_by, paused_at)", 3},
    {", paused_at)"},
    {", skipped_tip)"},
    {", scope, digest, body_bytes, body_omitted)", 4},
};

// A column that only version 1 has, the second of its table, always null here.
constexpr std::string_view former_column = "devy.hook (key, repository_id, ",
                           without_former_column = "devy.hook (key, ";

// A table that has another name since.
constexpr std::string_view former_name = "devy.upkeep ", later_name = "devy.reconcile_schedule ";

// The lines of a dump as version 1 would have them.
class VersionOne {
 public:
  std::string of(std::string line) {
    if (line.starts_with("COPY ")) {
      cut_ = 0;
      has_former_column_ = line.find(former_column) != line.npos;
      if (has_former_column_)
        line.replace(line.find(former_column), former_column.size(), without_former_column);
      if (const auto at = line.find(later_name); at != line.npos)
        line.replace(at, later_name.size(), former_name);
      for (const auto& column : later_columns)
        if (const auto at = line.find(column.text); at != line.npos) {
          line.replace(at, column.text.size(), ")");
          cut_ = column.count;
        }
    } else if (line == "\\.") {
      cut_ = 0;
      has_former_column_ = false;
    } else {
      for (int i = 0; i < cut_; ++i)
        line.erase(line.rfind('\t'));
      if (has_former_column_) {
        const auto begin = line.find('\t');
        line.erase(begin, line.find('\t', begin + 1) - begin);
      }
    }
    return line;
  }

 private:
  int cut_ = 0;  // so many fields too many at the end of the rows that follow
  bool has_former_column_ = false;
};

class Upgrade : public UploadTest {
 protected:
  Upgrade() {
    write("one.md", "# One\n\n![A picture](picture.png) and [two](two.md).\n");
    write("two.md", "# Two\n");
    write("broken.md", "---\ndate: [\n---\n# Broken\n");
    write("picture.png", "\x89PNG\r\n\x1a\n, as far as anybody looks");
    push_and_publish();
    author_.rename("two.md", "second.md");
    write("one.md", "# One\n\n![A picture](picture.png) and [two](second.md#two).\n");
    push_and_publish();
    execute(other_rows);
  }

  // Every row of every table that version 1 has, but for those that schema.sql itself fills.
  std::string dump() {
    const auto& server = testing::postgres();
    file_ = server.paths().data_directory + "/rows.sql";
    const auto user = cluster::server_user(server.paths().data_directory);
    const auto dumped = cluster::run_program(user,
                                             {cluster::find_binaries({}) + "/pg_dump",
                                              "--data-only",
                                              "--exclude-table=devy.schema_version",
                                              "--exclude-table=devy.queue_control",
                                              "--exclude-table=devy.token_denied",
                                              "--exclude-table=devy.owner_gate",
                                              "--exclude-table=devy.body_budget",
                                              "--exclude-table=devy.operation_count",
                                              "--exclude-table=devy.prune_pass",
                                              "--exclude-table=devy.post_place",
                                              "--exclude-table=devy.api_budget",
                                              "--exclude-table=devy.api_write",
                                              "--exclude-table=devy.api_slot",
                                              "--exclude-table=devy.web_session",
                                              "--exclude-table=devy.session_token",
                                              "--exclude-table=devy.login_*",
                                              "--exclude-table=devy.audit",
                                              "--exclude-table=devy.blog_hook",
                                              "--exclude-table=devy.bulk*",
                                              "--exclude-table=devy.kind_pause",
                                              "--exclude-table=devy.operation_minute",
                                              "--exclude-table=devy.operation_minute_until",
                                              "--exclude-table=devy.mirror_*",
                                              "--exclude-table=devy.file",
                                              "--exclude-table=devy.file_owner",
                                              "--exclude-table=devy.file_token",
                                              "--exclude-table=devy.file_upload",
                                              "--exclude-table=devy.file_reference",
                                              "--exclude-table=devy.file_storage",
                                              "--exclude-table=devy.file_s3_pause",
                                              "--exclude-table=devy.content_generation",
                                              "--exclude-table=devy.content",
                                              "--exclude-table=devy.tracked_user",
                                              "--exclude-table=devy.routine*",
                                              "--exclude-table=devy.gist*",
                                              "--exclude-table=devy.crm_item",
                                              "--exclude-table=devy.user_token",
                                              "--exclude-table=devy.installation",
                                              "--exclude-table=devy.project*",
                                              "--exclude-table=devy.task*",
                                              "--exclude-table=devy.comment",
                                              "--exclude-table=devy.sync_*",
                                              "--exclude-table=devy.record_version",
                                              "--exclude-table=devy.budget_minute",
                                              "--exclude-schema=github",
                                              "-f",
                                              file_,
                                              database_.conninfo()},
                                             cluster::cluster_init_timeout);
    EXPECT_EQ(dumped.exit_status, 0) << dumped.output;
    // One piece for each table or sequence, in an order that no table's name changes.
    std::vector<std::string> pieces;
    bool is_in_table = false;
    std::istringstream lines(testing::read_text(file_));
    VersionOne version_one;
    for (std::string line; std::getline(lines, line);) {
      const bool is_begin = !is_in_table && line.starts_with("COPY ");
      if (is_begin || (!is_in_table && line.find("setval(") != line.npos)) pieces.emplace_back();
      else if (!is_in_table) continue;
      is_in_table = (is_in_table || is_begin) && line != "\\.";
      pieces.back() += version_one.of(std::move(line)) + "\n";
    }
    std::ranges::sort(pieces);
    std::string text;
    for (const auto& piece : pieces)
      text += piece;
    testing::write_text(file_, text);
    return text;
  }
  // The same rows in the schema of that file.
  void move_to(const std::string& schema) {
    database_.execute("drop schema if exists github cascade; drop schema devy cascade");
    database_.load(schema);
    database_.execute("set session_replication_role = replica;\n\\i '" + file_ + "'");
  }

  std::string file_;
};

// A post as version 1 published it: by other rules for slugs, and without a word of them in its
// row.
struct OldPost {
  std::string path, front_matter, slug;
};
const std::vector<OldPost> old_posts{
    {"en/about.md", "slug: about", "about"},
    {"en/who.md", "Slug: Who we are", "who-we-are"},
    {"en/rooted.md", "slug: /en/Rooted/", "en/rooted"},
    {"en/version.md", "slug: 1.10", "1-10"},
    {"en/nothing.md", "slug: '!!!'", "post"},
    {"en/permalink.md", "permalink: /elsewhere/", "en/permalink"},
    {"en/both.md", "slug: both\nurl: /other/", "both"},
    {"lang/c++.md", "x: y", "lang/c"},
    {"lang/f#.md", "x: y", "lang/f"},
    {"q/1.0.md", "x: y", "q/1-0"},
    {"2024-01-02-day.md", "x: y", "day"},
    {std::string(250, 'a') + ".md", "x: y", std::string(200, 'a')},
};

std::string text_of(const OldPost& post) {
  return "---\n" + post.front_matter + "\n---\nText of " + post.path + ".\n";
}

class SlugUpgrade : public Upgrade {
 protected:
  // Slugs as version 1 gave them, in a database that has what version 1 had.
  SlugUpgrade() {
    for (const auto& post : old_posts)
      write(post.path, text_of(post));
    push_and_publish();
    for (const auto& post : old_posts)
      execute("update post set slug = '" + post.slug + "' where path = '" + post.path + "'");
    execute("update revision v set slug = p.slug from post p where p.id = v.post_id");
    execute("update post set origin = 'old'; update blog set head_origin = 'old'");
    static_cast<void>(dump());
    move_to(std::string(DEVY_TAGGED_SCHEMAS) + "/schema_1.sql");
    auto session = pg::Connection::open(conninfo(), config_.database, "test");
    EXPECT_GT(schema::migrate_schema(session).steps, 0);
    EXPECT_EQ(value("select count(*) from post where slug_basis is not null"), "0");
  }

  std::string slug_of(const std::string& path) const {
    return value("select slug from post where path = '" + path + "'");
  }
  void expect_old_slugs() const {
    for (const auto& post : old_posts)
      EXPECT_EQ(slug_of(post.path), post.slug) << post.path;
  }
};

TEST_F(SlugUpgrade, KeepsEverySlugOfABlogThatExists) {
  // Files that were errors then, because these posts have their slugs.
  write("de/about.md", "---\nslug: /about\n---\n# D\n");
  write("lang/c.md", "# C\n");
  write("q/1-0.md", "# Q\n");
  const auto upload = push_and_publish();
  EXPECT_EQ(ending(upload), "completed");
  expect_old_slugs();
  EXPECT_EQ(slug_of("de/about.md"), "de/about");
  EXPECT_TRUE(slug_of("lang/c.md").starts_with("lang/c-"));
  EXPECT_TRUE(slug_of("q/1-0.md").starts_with("q/1-0-"));
  EXPECT_EQ(value("select count(*) from post where slug_basis is null"), "0");
  // And so by every later upload.
  for (const auto& post : old_posts)
    write(post.path, text_of(post) + "\nMore.\n");
  push_and_publish();
  expect_old_slugs();
  EXPECT_EQ(redirects().size(), 1U);
}

TEST_F(SlugUpgrade, KeepsTheSlugsOfPostsThatAreEditedInTheFirstPush) {
  for (const auto& post : old_posts)
    if (post.path != "en/version.md") write(post.path, text_of(post) + "\nMore.\n");
  push_and_publish();
  expect_old_slugs();
}

TEST_F(SlugUpgrade, FollowsWhatAuthorsChangeInTheFirstPush) {
  write("en/about.md", "---\nslug: us\n---\n# E\n");
  author_.rename("lang/c++.md", "lang/cpp.md");
  push_and_publish();
  EXPECT_EQ(slug_of("en/about.md"), "en/us");
  EXPECT_EQ(slug_of("lang/cpp.md"), "lang/cpp");
  EXPECT_EQ(value("select count(*) from redirect where slug in ('about', 'lang/c')"), "2");
}

TEST_F(SlugUpgrade, FollowsTheRootInTheFirstPush) {
  write("devy.toml", "root = \"en\"\nmax_delete_percent = 100\n");
  oracle_.root = "en";
  push_and_publish();
  EXPECT_EQ(slug_of("en/permalink.md"), "elsewhere");
  EXPECT_EQ(slug_of("en/about.md"), "about");
}

TEST_F(Upgrade, KeepsEveryRowAndRunsUploads) {
  EXPECT_EQ(rows(empty_tables), Lines());
  const auto before = dump();
  move_to(std::string(DEVY_TAGGED_SCHEMAS) + "/schema_1.sql");
  EXPECT_EQ(dump(), before);
  // Learnt from a delivery, whoever had signed it.
  execute("update repository set github_id = 42, installation = 5");
  auto session = pg::Connection::open(conninfo(), config_.database, "test");
  EXPECT_GT(schema::migrate_schema(session).steps, 0);
  EXPECT_EQ(dump(), before);
  EXPECT_NE(before.find("second.md"), before.npos);
  EXPECT_EQ(value("select bool_and(file_bytes >= octet_length(markdown)) from post"), "t");

  write("three.md", "# Three\n");
  const auto upload = push_and_publish();
  EXPECT_EQ(ending(upload), "completed") << upload.error_text.value_or("");
  EXPECT_EQ(changes_text(upload), "1 0 0 0 2 1");
}

// Version 1 ended a completed upload as dropped when somebody replayed it in vain. The oracle,
// which every test of uploads asks at its end, finds no fault with that.
TEST_F(Upgrade, BringsTheRecordOfARefusedReplayWithoutABrokenPromise) {
  static_cast<void>(dump());
  move_to(std::string(DEVY_TAGGED_SCHEMAS) + "/schema_1.sql");
  execute(
      "update operation o set state = 'dropped', replays = 1, finished_at = now(), dropped_for = "
      "n.id "
      "from operation n where o.arrival = (select min(arrival) from operation where state = "
      "'completed') "
      "and n.arrival = (select max(arrival) from operation where state = 'completed') "
      "and n.resource_id = o.resource_id");
  ASSERT_EQ(value("select count(*) from operation where replays = 1 and state = 'dropped'"), "1");
  auto session = pg::Connection::open(conninfo(), config_.database, "test");
  EXPECT_GT(schema::migrate_schema(session).steps, 0);
  EXPECT_EQ(Lines(testing::broken_promises(oracle_)), Lines());
}

TEST_F(Upgrade, ReturnsAnAddressThatAPageHadInBetween) {
  author_.remove_file("second.md");
  write("third.md", "# Two\n");
  push_and_publish();
  execute("delete from redirect");
  static_cast<void>(dump());
  move_to(std::string(DEVY_TAGGED_SCHEMAS) + "/schema_1.sql");
  auto session = pg::Connection::open(conninfo(), config_.database, "test");
  EXPECT_GT(schema::migrate_schema(session).steps, 0);
  EXPECT_EQ(redirects(), (Lines{"second third.md", "two third.md"}));
}

}  // namespace upgrade_test
}  // namespace devy::upload
