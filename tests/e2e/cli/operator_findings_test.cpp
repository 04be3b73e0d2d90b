#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// What operators found when they tried every verb by hand (tests/FINDINGS.md): interruptions, lost
// connections, dry runs, hints that led nowhere.

namespace devy::testing {
namespace operator_findings_test {

class OperatorFindings : public BlogFixture {
 protected:
  static void expect_text(const std::string& text, const std::vector<std::string>& words) {
    for (const auto& word : words)
      EXPECT_NE(text.find(word), std::string::npos) << word << " is not in: " << text;
  }
  void end_sessions() const {
    database_.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and application_name like '%cli%'");
  }
};

TEST_F(OperatorFindings, ShowsThatAKindIsPausedWhereverItsEffectIs) {
  (void)record();
  EXPECT_EQ(run({"queue", "pause", "--kind", "upload", "--reason", "moving"}).status, 0);
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"inspect", "@last"}, {"queue", "stats"}, {"trigger", "alice/blog", "--wait=1ms"}}) {
    const auto result = run(words);
    expect_text(result.out + result.err, {"kind upload is paused since ", ": moving ("});
  }
  expect_text(run({"list", "--stuck"}).out, {"verified, paused"});
  expect_text(run({"doctor"}).out, {"warning: paused_kinds: no operation of kind upload begins",
                                    "queue resume --kind upload"});
  EXPECT_EQ(json({"inspect", "@last"})["pause"]["kind"], "upload");
}

TEST_F(OperatorFindings, SaysInWatchThatNobodyRunsWhatWaits) {
  const auto id = record();
  expect_text(run({"watch", id, "--timeout", "1ms"}).err, {"no daemon is there"});
}

TEST_F(OperatorFindings, NamesTheUploadAtOnceAndWhenItsWaitIsInterrupted) {
  Program waiting(call({"trigger", "alice/blog", "--wait"}));
  waiting.wait_for("waiting for a worker");
  waiting.send_signal(SIGINT);
  const auto result = waiting.wait();
  EXPECT_EQ(result.status, 130);
  const auto id = json({"list"})[0]["id"].get<std::string>().substr(0, 8);
  EXPECT_TRUE(result.err.starts_with(id + " recorded: alice/blog\n")) << result.err;
  expect_text(result.err, {id + " is still recorded: `devy-upload watch " + id + "`",
                           "`devy-upload cancel " + id + "` ends it"});
}

TEST_F(OperatorFindings, GoesOnWatchingAfterItsSessionsWereEnded) {
  const auto id = record();
  Program watched(call({"watch", id}));
  Program followed(call({"logs", id, "-f"}));
  watched.wait_for("waiting for a worker");
  followed.wait_for("verified");
  end_sessions();
  watched.wait_for("waiting for the database");
  followed.wait_for("waiting for the database");
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  const auto result = watched.wait();
  EXPECT_EQ(result.status, 0) << result.err;
  expect_text(result.out, {"completed"});
  const auto log = followed.wait();
  EXPECT_EQ(log.status, 0) << log.err;
  expect_text(log.out, {"completed"});
}

// A remote that takes connections and never says a word.
class SilentRemote {
 public:
  SilentRemote() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* where = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_, where, length), 0);
    EXPECT_EQ(::listen(socket_, 8), 0);
    EXPECT_EQ(::getsockname(socket_, where, &length), 0);
    port_ = ntohs(address.sin_port);
  }
  SilentRemote(const SilentRemote&) = delete;
  SilentRemote& operator=(const SilentRemote&) = delete;
  ~SilentRemote() { ::close(socket_); }

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/alice/zoo.git";
  }
  // Until somebody has connected.
  void wait() const {
    constexpr int patience_ms = 60'000;
    pollfd waited{socket_, POLLIN, 0};
    EXPECT_EQ(::poll(&waited, 1, patience_ms), 1);
  }

 private:
  int socket_;
  int port_ = 0;
};

TEST_F(OperatorFindings, ShowsWhatAnInterruptedReconcileHadFound) {
  const SilentRemote remote;
  write_text(folder_ / "devy-upload.toml",
             "[git]\nurl_schemes = [\"http\", \"file\"]\nurl_hosts = []\n"
             "allow_private_addresses = true\n");
  database_.execute("update devy.account set is_supporter = true");
  EXPECT_EQ(run({"blog", "connect", "alice/zoo", remote.url()}).status, 0);
  Program reconciling(call({"reconcile", "--all"}));
  remote.wait();
  reconciling.send_signal(SIGINT);
  const auto result = reconciling.wait();
  EXPECT_EQ(result.status, 130) << result.err;
  expect_text(result.out, {"alice/blog", "upload recorded"});
  expect_text(result.err, {"1 blog not asked"});
}

TEST_F(OperatorFindings, SaysOfEachOperationThatPollRanHowItEnded) {
  const auto id = record();
  const auto polled = run({"poll", "--once"});
  expect_text(polled.out, {id.substr(0, 8) + " completed: alice/blog at ", "2 created"});
  (void)json({"trigger", "alice/blog", "--commit", std::string(40, '1')});
  const auto document = json({"poll", "--once"});
  EXPECT_EQ(keys_of(document), (std::vector<std::string>{"ran", "ended"}));
  ASSERT_EQ(document["ended"].size(), 1U);
  EXPECT_EQ(keys_of(document["ended"][0]),
            (std::vector<std::string>{"id", "kind", "state", "error_code", "error"}));
  EXPECT_EQ(document["ended"][0]["state"], "failed");
}

TEST_F(OperatorFindings, CountsTheTimeOfAReplayFromItsOwnBeginning) {
  EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0);
  const auto id = json({"list"})[0]["id"].get<std::string>();
  database_.execute("alter table devy.operation disable trigger user");
  database_.execute(
      "update devy.operation set created_at = now() - interval '1 day',"
      " started_at = now() - interval '1 day',"
      " waiting_since = now() - interval '1 day'");
  database_.execute("alter table devy.operation enable trigger user");
  const auto replayed = json({"replay", id, "--from-start", "--here"});
  EXPECT_EQ(replayed[0]["state"], "completed");
  EXPECT_LT(replayed[0]["duration_ms"].get<long>(), 3'600'000);
  EXPECT_EQ(json({"queue", "stats"})["over_five_minutes_share"], 0.0);
}

TEST_F(OperatorFindings, PrintsTheProblemsOfABrokenSettingsFileAsCheckPromises) {
  const auto folder = author_.folder();
  write_text(folder + "/devy.toml", "name = 5\nroot = 7\n");
  const auto checked = run({"check", folder});
  EXPECT_EQ(checked.status, 10) << checked.err;
  expect_text(checked.out, {"devy.toml:1:8: ", "\ndevy.toml:2:8: "});
  EXPECT_EQ(checked.err.find("push again"), std::string::npos) << checked.err;
  const auto document = json({"check", folder}, 10);
  ASSERT_EQ(document["file_errors"].size(), 2U);
  EXPECT_EQ(document["file_errors"][1]["path"], "devy.toml");
  EXPECT_EQ(document["file_errors"][1]["line"], 2);
}

// Each verb that acts: words for stdout, one document with --json, and nothing is done.
TEST_F(OperatorFindings, AnswersADryRunAlikeInEveryVerb) {
  const auto file = folder_ / "push.json";
  write_text(file, "{}");
  write_text(folder_ / "devy-upload.toml", "[mirror]\nenabled = true\n[gists]\nenabled = true\n");
  write_text(folder_ / "secret", std::string(40, 's'));
  EXPECT_EQ(::chmod((folder_ / "secret").c_str(), 0600), 0);
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"trigger", "alice/blog"},
           {"account", "operator", "alice", "on"},
           {"blog", "connect", "alice/new", "https://github.com/alice/new"},
           {"blog", "disconnect", "alice/blog"},
           {"token", "deny", "t-1"},
           {"queue", "pause"},
           {"poll", "--once"},
           {"reconcile", "--all"},
           {"preview", "alice/blog", "--out", folder_ / "out"},
           {"delivery", "send", file, "--secret", folder_ / "secret"},
           {"db", "migrate"},
           {"db", "roles"},
           {"config", "key", folder_ / "key"},
           {"mirror", "add", "alice/notes"},
           {"mirror", "hook", "install", "alice/notes"},
           {"gist", "scan", "--all"},
           {"web", "link"},
           {"prune"}}) {
    auto dry = words;
    dry.emplace_back("--dry-run");
    const auto said = run(dry);
    EXPECT_EQ(said.status, 0) << words[0] << said.err;
    EXPECT_TRUE(said.out.starts_with("would ")) << words[0] << said.out << said.err;
    EXPECT_FALSE(json(dry).empty()) << words[0];
  }
  EXPECT_EQ(json({"list"}).size(), 0U);
  EXPECT_EQ(json({"account", "list"}).size(), 1U);
  const auto document = json({"trigger", "alice/blog", "--dry-run"});
  EXPECT_EQ(keys_of(document), (std::vector<std::string>{"is_dry_run", "would"}));
  EXPECT_EQ(document["would"], "record an upload of alice/blog: the tip of the default branch");
}

TEST_F(OperatorFindings, ConnectsABlogAgainToTheSameRepositoryWithoutAWord) {
  const auto url = "file://" + author_.folder();
  const auto again = run({"blog", "connect", "alice/blog", url});
  EXPECT_EQ(again.status, 0) << again.err;
  expect_text(again.err, {"is connected to " + url + " already"});
  EXPECT_EQ(json({"blog", "connect", "alice/blog", url})["blog"], "alice/blog");
  expect_text(
      run({"blog", "connect", "alice/other", "https://github.com/alice/other", "--github-id", "5"})
          .err,
      {"devy-upload account set alice --supporter"});
}

TEST_F(OperatorFindings, TakesAnyPrefixThatIsUnambiguous) {
  std::string first;
  for (int n = 0; n < 17 && first.empty(); ++n) {
    (void)record();
    // Of 17 ids two begin alike.
    first = database_.scalar(
        "select coalesce((select left(id::text, 1) from devy.operation"
        " group by 1 having count(*) > 1 limit 1), '')");
  }
  const auto ambiguous = run({"inspect", first});
  EXPECT_EQ(ambiguous.status, 4);
  expect_text(ambiguous.err, {"ambiguous"});
  const auto alone = database_.scalar(
      "select coalesce(min(digit), '') from (select left(id::text, 1) as digit"
      " from devy.operation group by 1 having count(*) = 1) unique_digits");
  if (!alone.empty()) {
    EXPECT_EQ(run({"inspect", alone}).status, 0) << alone;
  }
}

TEST_F(OperatorFindings, FindsABlogWhateverItsCapitals) {
  EXPECT_EQ(run({"blog", "show", "Alice/Blog"}).status, 0);
  EXPECT_EQ(run({"account", "show", "ALICE"}).status, 0);
}

TEST_F(OperatorFindings, CallsAWrongAddressAWrongArgument) {
  write_text(folder_ / "push.json", "{}");
  EXPECT_EQ(run({"blog", "connect", "alice/new", "ftp://nonsense"}).status, 2);
  const auto sent = run({"delivery", "send", folder_ / "push.json", "--to", "nonsense"});
  EXPECT_EQ(sent.status, 2);
  expect_text(sent.err, {"invalid value of --to", "http://127.0.0.1:9800"});
}

TEST_F(OperatorFindings, SaysWhyNoSecretCanSign) {
  write_text(folder_ / "push.json", "{}");
  write_text(folder_ / "secret", std::string(40, 's'));
  EXPECT_EQ(::chmod((folder_ / "secret").c_str(), 0600), 0);
  const auto said_with = [&](const std::string& entry) {
    write_text(folder_ / "devy-upload.toml", "[webhook]\nsecrets = [" + entry + "]\n");
    return run({"delivery", "send", folder_ / "push.json"}).err;
  };
  expect_text(said_with(""), {"webhook.secrets is empty"});
  expect_text(said_with("\"a " + (folder_ / "secret") + " until 2020-01-01T00:00:00Z\""),
              {"has expired"});
  expect_text(said_with("\"a " + (folder_ / "secret") + " for 7\""),
              {"names none for all repositories"});
}

TEST_F(OperatorFindings, CountsWhatItHasNotShownBeforeItPrunes) {
  for (int n = 0; n < 7; ++n)
    (void)record();
  database_.execute("alter table devy.operation disable trigger user");
  database_.execute(
      "update devy.operation set created_at = now() - interval '1 year',"
      " state = 'failed', cancelled_by = null, cancel_reason = null,"
      " finished_at = now() - interval '1 year'");
  auto asked = call({"prune"});
  asked.has_terminal = true;
  Program program(asked);
  program.wait_for("Go on? [y/N]");
  program.write("n\n");
  const auto said = program.wait().out;
  expect_text(said, {"About to delete 6 rows", "6 uploads older than"});
  EXPECT_EQ(said.find("more"), std::string::npos) << said;
}

TEST_F(OperatorFindings, WatchesAndLogsOperationsOfOtherKinds) {
  const auto resource =
      database_.scalar("insert into devy.resource (kind, key) values ('bulk', 'x') returning id");
  const auto id = database_.scalar(
      "select o_id from devy.operation_ingest(gen_random_uuid(), " + resource +
      ", 'bulk', 'operator', null, null, null, '', false, 100::smallint, 1, null, null, null)");
  const auto watched = run({"watch", id, "--timeout", "1ms"});
  EXPECT_EQ(watched.status, 8);
  expect_text(watched.err, {"bulk: waiting for a runner, but no daemon is there"});
  expect_text(run({"logs", id}).out, {"verified"});
  (void)run({"cancel", id});
  EXPECT_EQ(run({"watch", id}).status, 3);
}

}  // namespace operator_findings_test
}  // namespace devy::testing
