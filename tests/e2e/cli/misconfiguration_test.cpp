#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// Planted faults: what is written into a configuration, and the words by which `config check`,
// `doctor` and the daemon each have to name its cause and the next step.

namespace devy::testing {
namespace misconfiguration_test {

// Refused: by all three. A fault: the daemon starts, and says so. Warned: no more than that.
enum class Weight { refused, fault, warned };

struct Planted {
  const char* name;
  const char* toml;  // {} is the folder of the test
  std::vector<std::string> words;
  Weight weight = Weight::refused;
};

// The findings of operators, C, and their like in sections that came later.
const std::vector<Planted>& planted_faults() {
  static const std::vector<Planted> faults{
      {"webhook secret that others can write",
       "[webhook]\nsecrets = [\"a {}/open\"]\n",
       {"webhook.secrets", "/open", "its mode is too open", "chmod 600"}},
      {"webhook secret that is short",
       "[webhook]\nsecrets = [\"a {}/short\"]\n",
       {"webhook.secrets", "/short", "shorter than 32 bytes"}},
      {"webhook secret that is missing",
       "[webhook]\nsecrets = [\"a {}/missing\"]\n",
       {"webhook.secrets", "/missing", "No such file", "Create the file"}},
      {"webhook secret that is empty",
       "[webhook]\nsecrets = [\"a {}/empty\"]\n",
       {"webhook.secrets", "/empty", "it is empty", "Put the secret"}},
      {"webhook secret that is malformed",
       "[webhook]\nsecrets = [\"nonsense\"]\n",
       {"webhook.secrets", "'nonsense'", "the path must be absolute",
        "Write it in webhook.secrets"}},
      {"webhook secret that has expired, and one that is broken",
       "[webhook]\nsecrets = [\"a {}/good until 2020-01-01T00:00:00Z\", \"b {}/short\"]\n",
       {"the secret 'a' has expired, at 2020-01-01", "Name its successor",
        "shorter than 32 bytes"}},
      {"all webhook secrets expired",
       "[webhook]\nsecrets = [\"a {}/good until 2020-01-01T00:00:00Z\"]\n",
       {"all secrets have expired: every delivery is refused", "Name one that is valid"},
       Weight::warned},
      {"API key that is missing",
       "[api]\nissuer = \"i\"\naudience = \"a\"\nkeys = [\"k RS256 {}/missing\"]\n",
       {"api.keys", "/missing", "No such file", "It must be there"}},
      {"API key of an algorithm that is not known",
       "[api]\nissuer = \"i\"\naudience = \"a\"\nkeys = [\"k RS512 {}/good\"]\n",
       {"api.keys", "RS512", "the algorithm must be RS256, ES256 or HS256"}},
      {"key set that is missing",
       "[api]\nissuer = \"i\"\naudience = \"a\"\njwks_file = \"{}/missing\"\n",
       {"api.jwks_file", "/missing", "No such file", "It must be there"}},
      {"listener with a port alone",
       "[listener]\naddresses = [\"9800\"]\n",
       {"listener.addresses", "'9800'", "it is no address", "127.0.0.1:8080"}},
      {"listener with a port that no machine has",
       "[listener]\naddresses = [\"127.0.0.1:99999\"]\n",
       {"listener.addresses", "no number from 0 to 65535", "127.0.0.1:8080"}},
      {"admin server with a name",
       "[admin]\naddress = \"localhost\"\n",
       {"admin.address", "'localhost'", "it is no address", "127.0.0.1:8080"}},
      {"two servers of one address",
       "[admin]\naddress = \"127.0.0.1:9800\"\n",
       {"listener.addresses", "given twice", "its own"}},
      {"certificate that is missing",
       "[listener]\ntls_certificate_file = \"{}/missing\"\ntls_key_file = \"{}/good\"\n",
       {"listener.tls_certificate_file", "/missing", "It must be PEM"}},
      {"certificates of authorities that are missing",
       "[git]\nca_file = \"{}/missing\"\n",
       {"git.ca_file", "/missing", "No such file", "certificates in PEM"},
       Weight::fault},
      {"file of ranges in a folder that is missing",
       "[webhook]\nranges_file = \"{}/none/ranges\"\n",
       {"webhook.ranges_file", "/none", "No such file", "Make the folder"},
       Weight::warned},
      {"option of a connection string that is misspelt",
       "[database]\nworker_conninfo = \"hots=db password=geheim\"\n",
       {"database.worker_conninfo", "no option 'hots', did you mean 'host'?"}},
      {"quote of a connection string that is not closed",
       "[database]\nweb_conninfo = \"host=db password='geheim\"\n",
       {"database.web_conninfo", "a quote in it is not closed"}},
      {"token that is empty",
       "[git]\ntoken_file = \"{}/empty\"\ntoken_for = [\"alice\"]\n",
       {"git.token_file", "/empty", "it is empty", "Put the secret on its first line"},
       Weight::fault},
      {"token of GitHub that is missing",
       "[github]\ntoken_file = \"{}/missing\"\ntoken_for = [\"alice\"]\n",
       {"github.token_file", "/missing", "No such file", "mode 0600"}},
      {"key of the App that is none",
       "[github]\napp_id = \"1\"\napp_key_file = \"{}/good\"\n",
       {"github.app_key_file"}},
      {"folder for clones that is missing",
       "runtime_directory = \"{}/none\"\n",
       {"runtime_directory", "/none", "No such file", "Make it"},
       Weight::fault},
      {"secret of the pages that is missing",
       "[web]\nurl = \"https://a.example\"\nclient_id = \"x\"\nclient_secret_file = "
       "\"{}/missing\"\n",
       {"web.client_secret_file", "/missing", "No such file"}},
      {"key of the pages that is none",
       "[web]\nkey_file = \"{}/short\"\n",
       {"web.key_file", "/short", "32 bytes", "devy-upload config key"}},
      {"key of the mirror that is missing",
       "[mirror]\ntoken_key_file = \"{}/missing\"\n",
       {"mirror.token_key_file", "/missing", "No such file", "devy-upload config key"},
       Weight::fault},
      {"token of the CRM that others can read",
       "[crm]\ncompany = \"acme\"\ntoken_file = \"{}/open\"\n",
       {"crm.token_file", "/open", "its mode is too open", "chmod 600"},
       Weight::fault},
      {"key of links to files that is missing",
       "[files]\npublic_url = \"https://f.example\"\nlink_key_file = \"{}/missing\"\n",
       {"files.link_key_file", "/missing", "devy-upload config key"}},
      {"credentials of S3 that are missing",
       "[files.s3]\nendpoint = \"https://s3.example\"\nbucket = \"b\"\n"
       "credentials_file = \"{}/missing\"\n",
       {"files.s3.credentials_file", "/missing", "No such file"},
       Weight::fault},
      {"folder of files that is missing",
       "[files]\nenabled = true\ndirectory = \"{}/none\"\n",
       {"files.directory", "/none", "No such file", "file init"}},
  };
  return faults;
}

class Misconfiguration : public BlogFixture {
 protected:
  Misconfiguration() {
    const std::string good(44, 'x');
    plant("good", good, 0600);
    plant("open", good, 0666);
    plant("short", "x", 0600);
    plant("empty", "", 0600);
    // What a test writes allows no file://.
    database_.execute("update devy.repository set url = 'https://github.com/alice/blog.git'");
  }

  void plant(const std::string& name, const std::string& text, mode_t mode) const {
    write_text(folder_ / name, text);
    EXPECT_EQ(::chmod((folder_ / name).c_str(), mode), 0);
  }

  void configure(std::string toml) const {
    for (auto at = toml.find("{}"); at != std::string::npos; at = toml.find("{}", at))
      toml.replace(at, 2, folder_.path());
    write_text(folder_ / "devy-upload.toml", toml);
  }

  // Ends as soon as it has looked at its settings: the database it is given is not there.
  [[nodiscard]] ProgramResult run_daemon() const {
    auto daemon = call({});
    daemon.program = "devy-uploadd";
    daemon.environment["DEVY_DB"] = database_.conninfo() + " dbname=not_there";
    return run_program(daemon);
  }
};

void expect_words(const std::string& text, const std::vector<std::string>& words,
                  const std::string& who) {
  for (const auto& word : words)
    EXPECT_NE(text.find(word), std::string::npos) << who << " does not say: " << word << '\n'
                                                  << text;
  EXPECT_EQ(text.find("geheim"), std::string::npos) << who;
}

std::string text_of(const nlohmann::ordered_json& diagnoses, const char* status) {
  std::string text;
  for (const auto& one : diagnoses)
    if (one["status"] == status)
      text += one["message"].get<std::string>() + " " + one["hint"].get<std::string>() + "\n";
  return text;
}

TEST_F(Misconfiguration, IsNamedWithItsCauseByConfigCheckDoctorAndTheDaemon) {
  for (const auto& fault : planted_faults()) {
    SCOPED_TRACE(fault.name);
    const bool is_broken = fault.weight != Weight::warned;
    configure(fault.toml);

    const auto checked = run({"config", "check"});
    EXPECT_EQ(checked.status, is_broken ? 10 : 0) << checked.out;
    expect_words(checked.out, fault.words, "config check");

    const auto diagnoses = json({"doctor"}, is_broken ? 10 : 0);
    expect_words(text_of(diagnoses, "problem") + text_of(diagnoses, "warning"), fault.words,
                 "doctor");
    // Whatever is broken, the rest is looked at.
    EXPECT_TRUE(std::ranges::any_of(diagnoses, [](const auto& one) {
      return one["check"] == "schema" && one["status"] == "ok";
    })) << diagnoses;

    const auto daemon = run_daemon();
    EXPECT_EQ(daemon.status, 78) << daemon.err;
    expect_words(daemon.err, fault.words, "the daemon");
    expect_words(daemon.err,
                 {fault.weight == Weight::refused ? "unable to use the configuration"
                                                  : "unable to open the database"},
                 "the daemon");
  }
}

TEST_F(Misconfiguration, LeavesNothingToSayOfAGoodConfiguration) {
  configure("[webhook]\nsecrets = [\"a {}/good\"]\n[listener]\naddresses = [\"127.0.0.1:0\"]\n");
  const auto checked = run({"config", "check"});
  EXPECT_EQ(checked.status, 0);
  EXPECT_EQ(checked.out, "");
  EXPECT_EQ(text_of(json({"doctor"}), "problem"), "");
}

TEST_F(Misconfiguration, LetsDoctorAndConfigCheckPrintADocumentWithoutAReadableFile) {
  for (const auto& file : {folder_ / "missing.toml", folder_.path()}) {
    auto doctor = call({"doctor", "--json", "-c", file});
    const auto result = run_program(doctor);
    EXPECT_EQ(result.status, 10) << result.err;
    const auto diagnoses = nlohmann::ordered_json::parse(result.out);
    expect_words(text_of(diagnoses, "problem"), {"unable to read configuration '" + file},
                 "doctor");
    EXPECT_TRUE(std::ranges::any_of(diagnoses, [](const auto& one) {
      return one["check"] == "blogs";
    })) << diagnoses;
    doctor.arguments = {"config", "check", "--json", "-c", file};
    const auto checked = run_program(doctor);
    EXPECT_EQ(checked.status, 10);
    EXPECT_EQ(nlohmann::ordered_json::parse(checked.out)["ok"], false);
  }
}

TEST_F(Misconfiguration, SaysThatOthersCanWriteOrReadAFileWithAPassword) {
  configure("[database]\nconninfo = \"host=db password=geheim\"\n");
  const auto file = folder_ / "devy-upload.toml";
  const auto said_with_mode = [&](mode_t mode) {
    EXPECT_EQ(::chmod(file.c_str(), mode), 0);
    auto check = call({"config", "check"});
    check.environment.erase("DEVY_DB");
    const auto result = run_program(check);
    EXPECT_EQ(result.status, 0) << result.out;
    return result.out;
  };
  expect_words(said_with_mode(0666), {"others can write it", "chmod 0640"}, "666");
  expect_words(said_with_mode(0644), {"every user of this machine can read the password"}, "644");
  EXPECT_EQ(said_with_mode(0640), "");
}

TEST_F(Misconfiguration, NamesWhatADatabaseIsNamedBy) {
  auto stray = call({"account", "list"});
  stray.environment.erase("DEVY_DB");
  stray.environment["PGHOST"] = folder_ / "nowhere";
  const auto failed = run_program(stray);
  EXPECT_EQ(failed.status, 7);
  expect_words(failed.err, {"The server is named by PGHOST."}, "account list");
  stray.arguments = {"doctor"};
  expect_words(run_program(stray).out, {"The server is named by PGHOST."}, "doctor");
  EXPECT_NE(run({"doctor"}).out.find("(named by DEVY_DB)"), std::string::npos);

  const auto origin_of = [&](ProgramCall shown) {
    shown.arguments = {"config", "show", "--json"};
    const auto result = run_program(shown);
    for (const auto& item : nlohmann::ordered_json::parse(result.out))
      if (item["key"] == "database.conninfo") return item;
    return nlohmann::ordered_json();
  };
  EXPECT_EQ(origin_of(stray)["origin"], "PGHOST");
  EXPECT_NE(origin_of(stray)["value"].get<std::string>().find("nowhere"), std::string::npos);
  auto flagged = call({});
  flagged.arguments = {"config", "show", "--json", "--db", "host=elsewhere password='a b'"};
  const auto shown = run_program(flagged).out;
  EXPECT_NE(shown.find("--db"), std::string::npos);
  EXPECT_EQ(shown.find("a b"), std::string::npos) << shown;
}

TEST_F(Misconfiguration, FindsAFunctionAndATableThatSomebodyDropped) {
  database_.execute("drop function devy.queue_resume(bigint)");
  auto told = json({"doctor"}, 10);
  expect_words(text_of(told, "problem"), {"it lacks 1 function", "queue_resume", "db migrate"},
               "doctor");
  const auto failed = run({"queue", "resume"});
  expect_words(failed.err, {"devy-upload doctor"}, "queue resume");
  EXPECT_EQ(json({"db", "status"}).at("schema_state"), "stale");
  EXPECT_EQ(run({"db", "migrate", "--yes"}).status, 0);
  EXPECT_EQ(run({"queue", "resume"}).status, 0);
  EXPECT_EQ(text_of(json({"doctor"}), "problem"), "");

  database_.execute("drop table devy.redirect cascade");
  told = json({"doctor"}, 10);
  expect_words(text_of(told, "problem"), {"it lacks 1 table: redirect", "from a backup"}, "doctor");
}

TEST_F(Misconfiguration, FindsBlogsWhoseHostIsNotAllowed) {
  configure("[git]\nurl_hosts = [\"git.example\"]\n");
  expect_words(text_of(json({"doctor"}, 10), "problem"),
               {"forbids the repository of 1 blog: alice/blog", "git.url_hosts"}, "doctor");
}

TEST_F(Misconfiguration, NamesTheCommandThatGrantsARoleItsRights) {
  const auto role = "stranger_" + std::to_string(::getpid());
  database_.execute("create role " + role);
  auto strange = call({"account", "list"});
  strange.environment["DEVY_DB"] = database_.conninfo() + " options='-c role=" + role + "'";
  const auto denied = run_program(strange);
  database_.execute("drop role " + role);
  EXPECT_EQ(denied.status, 6) << denied.err;
  expect_words(denied.err, {"devy-upload db roles"}, "account list");
}

TEST_F(Misconfiguration, SaysThatTheCurrentFolderIsGone) {
  const auto gone = folder_ / "gone";
  std::filesystem::create_directory(gone);
  auto shell = call({"-c", "cd \"$1\" && rmdir \"$1\" && exec \"$2\" preview alice/blog", "sh",
                     gone, std::string(DEVY_PROGRAM_FOLDER) + "/devy-upload"});
  shell.program = "/bin/sh";
  const auto result = run_program(shell);
  EXPECT_EQ(result.status, 1) << result.err;
  expect_words(result.err, {"unable to use the current folder", "Change into a folder that exists"},
               "preview");
}

}  // namespace misconfiguration_test
}  // namespace devy::testing
