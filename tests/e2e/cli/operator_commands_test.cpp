#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// The verbs that look after an installation: config, doctor, prune, version, completion, db.

namespace devy::testing {
namespace operator_commands_test {

using Keys = std::vector<std::string>;
using OperatorCommands = BlogFixture;

std::vector<nlohmann::ordered_json> findings(const nlohmann::ordered_json& document,
                                             const std::string& check) {
  std::vector<nlohmann::ordered_json> found;
  for (const auto& finding : document)
    if (finding["check"] == check) found.push_back(finding);
  return found;
}

TEST_F(OperatorCommands, ShowsValuesWithTheirOriginInConfigShow) {
  auto shown = call({"config", "show", "--json"});
  shown.environment["DEVY_DB"] = "host=db password=geheim user=x";
  const auto result = run_program(shown);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out.find("geheim"), std::string::npos) << result.out;
  const auto document = nlohmann::ordered_json::parse(result.out);
  for (const auto& item : document)
    EXPECT_EQ(keys_of(item), (Keys{"key", "value", "origin"}));
  const auto value_of = [&](const std::string& key) {
    for (const auto& item : document)
      if (item["key"] == key) return item;
    return nlohmann::ordered_json();
  };
  EXPECT_EQ(value_of("database.conninfo")["origin"], "DEVY_DB");
  EXPECT_EQ(value_of("git.url_schemes")["origin"], folder_ / "devy-upload.toml");
  EXPECT_EQ(value_of("git.url_schemes")["value"].size(), 3U);
  EXPECT_EQ(value_of("queue.max_attempts")["origin"], "default");
}

TEST_F(OperatorCommands, ExitsWith10FromConfigCheckOnlyForProblems) {
  auto document = json({"config", "check"});
  EXPECT_EQ(keys_of(document), (Keys{"file", "ok", "problems"}));
  write_text(folder_ / "devy-upload.toml", "[git]\nurl_hots = []\n");
  EXPECT_EQ(json({"config", "check"})["problems"].size(), 1U);
  write_text(folder_ / "devy-upload.toml", "[git]\nurl_hots = []\nurl_schemes = [\"ftp\"]\n");
  document = json({"config", "check"}, 10);
  EXPECT_EQ(document["ok"], false);
  ASSERT_EQ(document["problems"].size(), 2U);
  EXPECT_EQ(keys_of(document["problems"][0]), (Keys{"where", "message", "hint", "is_warning"}));
}

TEST_F(OperatorCommands, DeniesATokenOnceAndListsIt) {
  EXPECT_EQ(json({"token", "list"}).size(), 0U);
  EXPECT_EQ(run({"token", "deny", "t-1", "--dry-run"}).status, 0);
  EXPECT_EQ(json({"token", "deny", "t-1", "--reason", "leaked"})["is_new"], true);
  EXPECT_EQ(json({"token", "deny", "t-1"})["is_new"], false);
  const auto listed = json({"token", "list"});
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(keys_of(listed[0]), (Keys{"jti", "denied_at", "denied_by", "reason"}));
  EXPECT_EQ(listed[0]["jti"], "t-1");
  EXPECT_EQ(listed[0]["reason"], "leaked");
  EXPECT_NE(run({"token", "list"}).out.find("t-1"), std::string::npos);
  // A whole token is no jti, and would be a secret in a table.
  EXPECT_EQ(run({"token", "deny", std::string(129, 'x')}).status, 2);
  EXPECT_EQ(run({"token", "deny", "a b"}).status, 2);
}

TEST_F(OperatorCommands, FindsNothingInDoctorForAHealthyInstallation) {
  EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0);
  const auto document = json({"doctor"});
  for (const auto& finding : document) {
    EXPECT_EQ(keys_of(finding), (Keys{"check", "status", "message", "hint"}));
    EXPECT_NE(finding["status"], "problem") << finding;
    EXPECT_EQ(finding["hint"].is_null(), finding["status"] == "ok") << finding;
  }
  EXPECT_EQ(findings(document, "schema")[0]["status"], "ok");
}

TEST_F(OperatorCommands, FindsInDoctorFailedUploadsAPausedQueueAndAReadableToken) {
  (void)record_failed();
  EXPECT_EQ(run({"queue", "pause", "--reason", "night"}).status, 0);
  write_text(folder_ / "token", "secret\n");
  std::filesystem::permissions(folder_ / "token", std::filesystem::perms(0644));
  write_text(folder_ / "devy-upload.toml", "[git]\nurl_schemes = [\"file\"]\ntoken_file = \"" +
                                               (folder_ / "token") +
                                               "\"\ntoken_for = [\"alice\"]\nurl_hots = []\n");
  const auto document = json({"doctor"}, 10);
  EXPECT_EQ(findings(document, "failed_uploads")[0]["status"], "problem");
  EXPECT_EQ(findings(document, "queue")[0]["status"], "warning");
  EXPECT_EQ(findings(document, "token_file")[0]["status"], "problem");
  EXPECT_EQ(findings(document, "configuration")[0]["status"], "warning");
  EXPECT_EQ(findings(document, "git_urls")[0]["status"], "warning");
}

TEST_F(OperatorCommands, SaysEverywhereWhyABlogStaysBehindASkipMarker) {
  EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0);
  author_.write_file("later.md", "# Later\n");
  const auto marked = author_.commit("[skip ci] Add later");
  EXPECT_EQ(json({"reconcile", "alice/blog"})[0]["note"], "upload recorded");
  (void)run({"poll", "--once"});
  EXPECT_EQ(json({"reconcile", "alice/blog"})[0]["note"], "the tip has a skip marker");
  EXPECT_EQ(json({"blog", "show", "alice/blog"})["reconcile_schedule"]["skipped_tip"], marked);
  EXPECT_NE(run({"blog", "show", "alice/blog"}).out.find("behind       " + marked),
            std::string::npos);
  EXPECT_EQ(findings(json({"doctor"}), "skipped_tips")[0]["status"], "ok");
  const auto upload = json({"inspect", "@last"});
  EXPECT_EQ(upload["state"], "cancelled");
  EXPECT_NE(run({"inspect", "@last"}).out.find("has a skip marker"), std::string::npos);
  EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0);
  EXPECT_EQ(json({"posts", "alice/blog"}).size(), 3U);
  EXPECT_TRUE(json({"blog", "show", "alice/blog"})["reconcile_schedule"]["skipped_tip"].is_null());
}

TEST_F(OperatorCommands, FindsInDoctorWhatIsStuck) {
  (void)record();
  database_.execute("update devy.operation set run_at = now() - interval '1 day'");
  EXPECT_EQ(findings(json({"doctor"}, 10), "stuck_uploads")[0]["status"], "problem");
}

TEST_F(OperatorCommands, ShowsAPausedBlogWhereverSomebodyLooks) {
  (void)record();
  EXPECT_EQ(run({"queue", "pause", "alice/blog", "--reason", "moving"}).status, 0);
  database_.execute("update devy.operation set waiting_since = now() - interval '1 day'");
  const auto document = json({"doctor"});
  EXPECT_EQ(findings(document, "stuck_uploads")[0]["status"], "ok");
  const auto paused = findings(document, "paused_blogs");
  ASSERT_EQ(paused.size(), 1U);
  EXPECT_EQ(paused[0]["status"], "warning");
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"doctor"},
                                             {"blog", "show", "alice/blog"},
                                             {"queue", "stats"},
                                             {"inspect", "@last"},
                                             {"trigger", "alice/blog", "--wait=1ms"}}) {
    const auto result = run(words);
    const auto text = result.out + result.err;
    EXPECT_NE(text.find("paused since "), std::string::npos) << words[0] << text;
    EXPECT_NE(text.find(": moving ("), std::string::npos) << words[0] << text;
  }
  EXPECT_NE(run({"list", "--stuck"}).out.find("verified, paused"), std::string::npos);
  EXPECT_NE(run({"blog", "list"}).out.find("paused"), std::string::npos);
  for (const auto& pause :
       {json({"blog", "list"})[0]["pause"], json({"blog", "show", "alice/blog"})["pause"],
        json({"inspect", "@last"})["pause"],
        json({"queue", "stats"})["paused_blogs"][0]["pause"]}) {
    EXPECT_EQ(keys_of(pause), (Keys{"whole_queue", "kind", "since", "until", "reason"}));
    EXPECT_EQ(pause["whole_queue"], false);
    EXPECT_TRUE(pause["until"].is_null());
  }
}

TEST_F(OperatorCommands, FindsInDoctorADaemonThatDied) {
  EXPECT_EQ(findings(json({"doctor"}), "daemons")[0]["status"], "ok");
  const auto early = record();
  EXPECT_EQ(findings(json({"doctor"}), "daemons")[0]["status"], "warning");
  EXPECT_EQ(run({"cancel", early}).status, 0);
  database_.execute(
      "insert into devy.daemon (name, version, state, workers, busy, seen_at) values "
      "('host+b/1.2', '0.1.0', 'ready', 1, 0, now() - interval '2 minutes')");
  auto found = findings(json({"doctor"}), "daemons")[0];
  EXPECT_EQ(found["status"], "warning");
  (void)record();
  found = findings(json({"doctor"}, 10), "daemons")[0];
  EXPECT_EQ(found["status"], "problem");
  const auto message = found["message"].get<std::string>();
  EXPECT_TRUE(message.starts_with("no daemon since ")) << message;
  EXPECT_NE(message.find("1 operation waits"), std::string::npos) << message;
  const auto waiting = run({"trigger", "alice/blog", "--wait=1ms"});
  EXPECT_NE(waiting.err.find("no daemon is there (--here, or `poll --once`, runs it)"),
            std::string::npos)
      << waiting.err;
  database_.execute("update devy.daemon set seen_at = now()");
  EXPECT_EQ(findings(json({"doctor"}), "daemons")[0]["status"], "ok");
}

TEST_F(OperatorCommands, CallsAHeldUploadNotStuckInDoctor) {
  (void)record();
  database_.execute("update devy.operation set state = 'scheduled', attempt = 1");
  database_.execute("update devy.operation set state = 'held', error_text = 'much'");
  const auto document = json({"doctor"});
  EXPECT_EQ(findings(document, "stuck_uploads")[0]["status"], "ok");
  EXPECT_EQ(findings(document, "held_uploads")[0]["status"], "warning");
}

TEST_F(OperatorCommands, ContinuesDoctorWithoutADatabaseOrASchema) {
  auto away = call({"doctor", "--json"});
  away.environment["DEVY_DB"] = "host=" + folder_.path() + "/nowhere";
  auto result = run_program(away);
  EXPECT_EQ(result.status, 10);
  auto found = findings(nlohmann::ordered_json::parse(result.out), "database");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["status"], "problem");

  // Over a network, and nobody's certificate is looked at.
  away.environment["DEVY_DB"] = "host=0.0.0.0 port=1";
  found = findings(nlohmann::ordered_json::parse(run_program(away).out), "database_tls");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["status"], "warning");

  const TestDatabase empty(Contents::nothing);
  away.environment["DEVY_DB"] = empty.conninfo();
  result = run_program(away);
  EXPECT_EQ(result.status, 10);
  found = findings(nlohmann::ordered_json::parse(result.out), "schema");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["hint"], "Run `devy-upload db init`.");
}

TEST_F(OperatorCommands, AsksBeforePruneAndKeepsTheLastUpload) {
  EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0);
  author_.write_file("third.md", "# Third\n");
  author_.commit();
  EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0);
  database_.execute(
      "update devy.operation set created_at = created_at - interval '1 year', "
      "finished_at = finished_at - interval '1 year'");
  EXPECT_EQ(run({"prune"}).status, 9);
  const auto tried = json({"prune", "--dry-run"});
  EXPECT_EQ(keys_of(tried),
            (Keys{"uploads",          "statuses",       "blog_hooks",    "mirror_fetches",
                  "mirror_scans",     "mirror_parts",   "mirror_sweeps", "mirror_documents",
                  "mirror_audits",    "mirror_hooks",   "task_syncs",    "comment_syncs",
                  "connection_syncs", "file_cleanups",  "file_scrubs",   "file_stores",
                  "gist_scans",       "crm_operations", "bulks",         "other_operations",
                  "revisions",        "assets",         "changes",       "mirror_pages",
                  "gist_sessions",    "gist_routines",  "deliveries",    "bodies",
                  "web_sessions",     "login_attempts", "login_links",   "audit",
                  "bulk_acts",        "is_more",        "is_dry_run"}));
  EXPECT_EQ(tried["uploads"], 1);
  EXPECT_EQ(json({"list"}).size(), 2U);
  EXPECT_EQ(json({"prune", "--yes"})["uploads"], 1);
  EXPECT_EQ(json({"list"}).size(), 1U);
  EXPECT_EQ(json({"prune"})["uploads"], 0);
}

TEST_F(OperatorCommands, PrintsTheVersionWithoutConfigurationOrDatabase) {
  ProgramCall bare;
  bare.arguments = {"version", "--json"};
  const auto result = run_program(bare);
  EXPECT_EQ(result.status, 0);
  const auto document = nlohmann::ordered_json::parse(result.out);
  EXPECT_EQ(keys_of(document), (Keys{"program", "version", "commit", "schema_version",
                                     "renderer_version", "libraries"}));
  EXPECT_EQ(keys_of(document["libraries"]), (Keys{"cmark_gfm", "libgit2", "libpq"}));
}

TEST_F(OperatorCommands, CompletesFromWhatTheDatabaseHolds) {
  EXPECT_EQ(run({"completion", "--candidates", "blog"}).out, "alice/blog\n");
  EXPECT_EQ(run({"completion", "--candidates", "account"}).out, "alice\n");
  const auto id = record();
  EXPECT_EQ(run({"completion", "--candidates", "upload"}).out,
            "@last\n@last-failed\n" + id.substr(0, 8) + "\n");
  EXPECT_EQ(run({"completion"}).status, 2);
  EXPECT_EQ(run({"completion", "tcsh"}).status, 2);
}

TEST_F(OperatorCommands, CreatesTheSchemaOnceWithDbInit) {
  const TestDatabase empty(Contents::nothing);
  const auto in_empty = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--json", "--db", empty.conninfo()});
    return run(arguments);
  };
  EXPECT_EQ(in_empty({"list"}).status, 2);
  EXPECT_EQ(in_empty({"db", "migrate"}).status, 2);
  EXPECT_EQ(in_empty({"db", "init", "--dry-run"}).status, 0);
  EXPECT_EQ(nlohmann::ordered_json::parse(in_empty({"db", "status"}).out)["schema_version"],
            nullptr);
  const auto made = nlohmann::ordered_json::parse(in_empty({"db", "init"}).out);
  EXPECT_EQ(keys_of(made), (Keys{"schema_version", "is_new", "steps"}));
  EXPECT_EQ(made["is_new"], true);
  EXPECT_EQ(nlohmann::ordered_json::parse(in_empty({"db", "init"}).out)["is_new"], false);
  EXPECT_EQ(in_empty({"db", "migrate"}).status, 0);
  EXPECT_EQ(in_empty({"list"}).status, 0);
}

TEST_F(OperatorCommands, RefusesASchemaOfAnotherVersionWithAHint) {
  database_.execute("insert into devy.schema_version (version) values (99)");
  const auto result = run({"list"});
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.err.find("hint: Upgrade devy-upload"), std::string::npos) << result.err;
  EXPECT_EQ(run({"db", "init"}).status, 5);
}

TEST_F(OperatorCommands, RefusesAnOlderSchemaUntilItIsMigrated) {
  const TestDatabase older(Contents::nothing);
  older.load(std::string(DEVY_TAGGED_SCHEMAS) + "/schema_1.sql");
  const auto in_older = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--db", older.conninfo()});
    return run(arguments);
  };
  for (const auto& arguments :
       {std::vector<std::string>{"list"}, {"db", "status"}, {"poll", "--once"}}) {
    const auto refused = in_older(arguments);
    EXPECT_EQ(refused.status, 2) << arguments[0];
    EXPECT_NE(refused.err.find("hint: Run `devy-upload db migrate`."), std::string::npos)
        << refused.err;
  }
  EXPECT_EQ(in_older({"doctor"}).status, 10);
  EXPECT_EQ(in_older({"db", "init"}).status, 5);
  EXPECT_EQ(in_older({"db", "migrate", "--dry-run"}).status, 0);
  EXPECT_EQ(in_older({"db", "migrate"}).status, 9);
  EXPECT_EQ(in_older({"list"}).status, 2);
  const auto migrated = in_older({"db", "migrate", "--yes", "--json"});
  EXPECT_EQ(migrated.status, 0) << migrated.err;
  EXPECT_EQ(nlohmann::ordered_json::parse(migrated.out)["steps"], 1);
  EXPECT_EQ(in_older({"list"}).status, 0);
  EXPECT_EQ(in_older({"db", "migrate"}).status, 0);
}

// The statement trigger stands for the rows of a large table.
TEST_F(OperatorCommands, MigratesForLongerThanAStatementOfDailyWorkMayTake) {
  const TestDatabase older(Contents::nothing);
  older.load(std::string(DEVY_TAGGED_SCHEMAS) + "/schema_1.sql");
  older.execute(
      "create function public.slow() returns trigger language plpgsql as $$ begin perform "
      "pg_sleep(1.2); return null; end $$; create trigger slow before update on devy.post for each "
      "statement execute function public.slow()");
  auto migrating = call({"db", "migrate", "--yes", "--db", older.conninfo()});
  migrating.environment["DEVY_CONFIG"] = folder_ / "hasty.toml";
  std::ofstream(folder_ / "hasty.toml") << "[database]\nstatement_timeout = \"1s\"\n";
  const auto migrated = run_program(migrating);
  EXPECT_EQ(migrated.status, 0) << migrated.err;
}

// As two commits between two versions have it.
TEST_F(OperatorCommands, ReportsASchemaWhoseTextDiffers) {
  database_.execute("update devy.schema_version set definitions = 'another'");
  auto result = run({"db", "status"});
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.out.find("; its functions differ)"), std::string::npos) << result.out;
  EXPECT_NE(result.err.find("db migrate"), std::string::npos) << result.err;
  EXPECT_EQ(run({"doctor"}).status, 10);
  EXPECT_EQ(run({"db", "migrate", "--yes"}).status, 0);
  EXPECT_EQ(run({"db", "status"}).status, 0);
  database_.execute("update devy.schema_version set structure = 'another'");
  result = run({"db", "status", "--json"});
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(nlohmann::ordered_json::parse(result.out)["schema_state"], "foreign");
  EXPECT_NE(result.err.find("\"hint\":\"Make a new database"), std::string::npos) << result.err;
}

TEST_F(OperatorCommands, ShowsServerAndSchemaInDbStatus) {
  const auto status = json({"db", "status"});
  EXPECT_EQ(keys_of(status),
            (Keys{"server", "server_version", "encoding", "is_standby", "schema_version",
                  "schema_version_needed", "schema_state", "private_cluster"}));
  EXPECT_EQ(status["is_standby"], false);
  auto away = call({"db", "status"});
  away.environment["DEVY_DB"] = "host=" + folder_.path() + "/nowhere";
  EXPECT_EQ(run_program(away).status, 7);
}

}  // namespace operator_commands_test
}  // namespace devy::testing
