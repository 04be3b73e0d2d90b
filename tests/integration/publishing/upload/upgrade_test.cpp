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
     and relname not in ('token_denied', 'owner_gate', 'body_budget', 'operation_count', 'prune_pass')
     and query_to_xml(format('select 1 from devy.%I', relname), false, true, '')::text = ''
   order by 1)sql";

// Columns that version 1 has not, each the last of their table.
struct LaterColumns {
  std::string text;
  int count = 1;
};
const std::vector<LaterColumns> later_columns{
    {", pack_bytes, told_at, claim, claimed_at, asked_at)", 5},
    {", file_bytes, date_source)", 2},
    {", skipped_tip)"},
    {", lane, stalled_for, stalled_at, stalled_steps)", 4},
    {", repeats, repeated_since)", 2},
    {", lane, direction)", 2},
    {", url)"},
    {", newest_outbound_id, completed_event_by)", 2},
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
    write("one.md", "# One\n\n![A picture](picture.png) and [two](second.md).\n");
    push_and_publish();
    execute(other_rows);
  }

  // Every row of every table that version 1 has, but for those that schema.sql itself fills.
  std::string dump() {
    const auto& server = testing::postgres();
    file_ = server.paths().data_directory + "/rows.sql";
    const auto user = cluster::server_user(server.paths().data_directory);
    const auto dumped = cluster::run_program(
        user,
        {cluster::find_binaries({}) + "/pg_dump", "--data-only",
         "--exclude-table=devy.schema_version", "--exclude-table=devy.queue_control",
         "--exclude-table=devy.token_denied", "--exclude-table=devy.owner_gate",
         "--exclude-table=devy.body_budget", "--exclude-table=devy.operation_count",
         "--exclude-table=devy.prune_pass", "-f", file_, database_.conninfo()},
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
    database_.execute("drop schema devy cascade");
    database_.load(schema);
    database_.execute("set session_replication_role = replica;\n\\i '" + file_ + "'");
  }

  std::string file_;
};

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

}  // namespace upgrade_test
}  // namespace devy::upload
