#include "core/platform/pg/conninfo.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "core/platform/base/error.hpp"
#include "tests/unit/cli/string_terminal.hpp"

namespace devy::cli {
namespace conninfo_test {

// Everything that can name a server does; a test takes away from the top.
class ConninfoTest : public ::testing::Test {
 protected:
  ConninfoTest() {
    person_.variables = {{"DEVY_DB", "from DEVY_DB"}, {"PGHOST", "from libpq"}};
    loaded_.file = "devy-upload.toml";
    loaded_.config.database.conninfo = "from file";
    loaded_.origins["database.conninfo"] = "file";
  }
  pg::Conninfo resolve(const std::optional<std::string>& flag = std::nullopt) {
    return pg::resolve_conninfo(flag, person_.environment(), loaded_, [this] { return cluster_; });
  }

  testing::StringTerminal person_;
  config::Loaded loaded_;
  std::optional<std::string> cluster_ = "from cluster";
};

TEST_F(ConninfoTest, UsesTheFlagFirst) {
  EXPECT_EQ(resolve("from flag").text, "from flag");
}

TEST_F(ConninfoTest, UsesOurOwnVariableNext) {
  EXPECT_EQ(resolve().text, "from DEVY_DB");
  EXPECT_EQ(resolve().origin, "DEVY_DB");
}

TEST_F(ConninfoTest, UsesTheVariableOfTheSettingNext) {
  person_.variables.erase("DEVY_DB");
  loaded_.config.database.conninfo = "from setting";
  loaded_.origins["database.conninfo"] = "DEVY_DATABASE_CONNINFO";
  EXPECT_EQ(resolve().text, "from setting");
}

TEST_F(ConninfoTest, UsesTheEnvironmentOfLibpqNext) {
  for (const char* name : {"PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE", "PGDATABASE"}) {
    person_.variables = {{name, "x"}};
    EXPECT_EQ(resolve().text, "");
    EXPECT_EQ(resolve().origin, name);
  }
}

TEST_F(ConninfoTest, UsesTheFileNext) {
  person_.variables = {{"PGPASSWORD", "names no server"}};
  EXPECT_EQ(resolve().text, "from file");
  EXPECT_EQ(resolve().origin, "devy-upload.toml");
}

TEST_F(ConninfoTest, UsesThePrivateClusterLast) {
  person_.variables.clear();
  loaded_.config.database.conninfo.clear();
  EXPECT_EQ(resolve().text, "from cluster");
}

TEST_F(ConninfoTest, SaysHowToGetADatabaseWhenNoneIsNamed) {
  person_.variables.clear();
  loaded_.config.database.conninfo.clear();
  cluster_.reset();
  try {
    static_cast<void>(resolve());
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(base::exit_code(error), 7);
    EXPECT_EQ(error.text(),
              "unable to find a database: none is configured and no private one runs");
    EXPECT_NE(error.hint().find("devy-upload db start"), std::string::npos);
  }
}

// libpq itself reads the process's environment; nobody else in this program does meanwhile.
class CompleteConninfo : public ::testing::Test {
 protected:
  void TearDown() override {
    for (const char* name : {"PGHOST", "PGPASSWORD", "PGSERVICE", "PGPORT"})
      unsetenv(name);
  }
};

TEST_F(CompleteConninfo, PutsWhatVariablesSayIntoTheText) {
  setenv("PGHOST", "db", 1);
  setenv("PGPASSWORD", "it's", 1);
  EXPECT_EQ(pg::complete_conninfo("dbname=devy"), R"(dbname='devy' host='db' password='it\'s')");
  EXPECT_EQ(pg::complete_conninfo("postgresql://other/devy"),
            R"(dbname='devy' host='other' password='it\'s')");
}

TEST_F(CompleteConninfo, LeavesAServiceWhatItDecides) {
  setenv("PGPORT", "5433", 1);
  setenv("PGSERVICE", "devy", 1);
  EXPECT_EQ(pg::complete_conninfo("dbname=a"), "dbname='a' service='devy'");
}

using Hosts = std::vector<std::string>;

TEST_F(CompleteConninfo, DetectsAServerTrustedWithoutACertificate) {
  for (const auto* text :
       {"", "dbname=devy", "host=/run/postgresql", "host=localhost,127.0.0.1,::1",
        "host=db.example hostaddr=127.0.0.1", "postgresql://db.example/devy?sslmode=verify-full"})
    EXPECT_EQ(pg::unverified_hosts(text), Hosts{}) << text;
  EXPECT_EQ(pg::unverified_hosts("host=db1.example,/run/postgresql,db2.example"),
            (Hosts{"db1.example", "db2.example"}));
  EXPECT_EQ(pg::unverified_hosts("postgresql://db.example/devy?sslmode=require"),
            Hosts{"db.example"});
  EXPECT_EQ(pg::unverified_hosts("host=db.example hostaddr=192.0.2.1"), Hosts{"192.0.2.1"});
  setenv("PGHOST", "db.example", 1);
  EXPECT_EQ(pg::unverified_hosts("dbname=devy"), Hosts{"db.example"});
}

TEST_F(CompleteConninfo, HidesWhatItCannotRead) {
  try {
    static_cast<void>(pg::complete_conninfo("password='secret"));
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::config);
    EXPECT_EQ(error.text().find("secret"), std::string::npos);
  }
}

}  // namespace conninfo_test
}  // namespace devy::cli
