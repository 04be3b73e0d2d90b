// What an operator does about the CRM: its documents and exit statuses.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "tests/support/crm/gist_rows.hpp"
#include "tests/support/crm/pipedrive_state.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {
namespace crm_commands_test {

using Document = nlohmann::json;

class CrmCommands : public ::testing::Test {
 protected:
  CrmCommands() {
    write_text(folder_ / "token", std::string(PipedriveState::token) + "\n");
    chmod((folder_ / "token").c_str(), 0600);
    write_text(folder_ / "devy-upload.toml",
               "[crm]\ncompany = \"acme\"\napi_url = \"" + crm_.api_url() + "\"\ntoken_file = \"" +
                   (folder_ / "token") + "\"\nrequests_per_2s = 1000\n");
    write_text(folder_ / "off.toml", "");
    track_alice(database_);
  }

  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments,
                                  const std::string& file = "devy-upload.toml") const {
    ProgramCall call;
    call.arguments = std::move(arguments);
    call.arguments.insert(call.arguments.end(),
                          {"--config", folder_ / file, "--db", database_.conninfo()});
    return run_program(call);
  }
  [[nodiscard]] Document document(std::vector<std::string> arguments, int status = 0) const {
    arguments.emplace_back("--json");
    const auto result = run(arguments);
    EXPECT_EQ(result.status, status) << result.err;
    return Document::parse(result.out);
  }

  TempFolder folder_;
  TestDatabase database_;
  PipedriveState crm_;
};

TEST_F(CrmCommands, SendsWhatWasFoundBeforeThereWasACrm) {
  static_cast<void>(store_gist_file(database_, "one/a.md", "x", {}));
  static_cast<void>(store_gist_file(database_, "one/b.md", "y", {}));
  EXPECT_EQ(document({"gist", "crm", "backfill", "--since", "2999-01-01"})["added"], 0);
  EXPECT_EQ(document({"gist", "crm", "backfill", "--dry-run"})["added"], 2);
  EXPECT_EQ(document({"gist", "crm", "backfill"})["added"], 2);
  EXPECT_EQ(document({"gist", "crm", "backfill"})["added"], 0);
  const auto before = document({"gist", "crm", "status"});
  EXPECT_EQ(before["company"], "acme");
  EXPECT_EQ(before["states"]["pending"], 2);
  EXPECT_EQ(before["paused_until"], nullptr);
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  EXPECT_EQ(document({"gist", "crm", "status"})["states"]["sent"], 2);
  const auto items = document({"gist", "crm", "list", "--state", "sent"});
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0]["kind"], "activity");
  EXPECT_EQ(items[0]["wanted"], 1);
  EXPECT_EQ(items[0]["sent"], 1);
  EXPECT_TRUE(items[0]["remote_id"].is_number());
  EXPECT_EQ(Document::parse(crm_.state())["activities"].size(), 2U);

  // The audit of what is right, and of what is not.
  const auto clean = document({"gist", "crm", "audit"});
  EXPECT_EQ(clean["compared"], 2);
  const auto activities = Document::parse(crm_.state())["activities"];
  database_.execute("update devy.crm_item set attempt_at = now() - interval '1 hour'");
  const std::string foreign = "11111111-2222-4333-8444-555555555555";
  crm_.control(
      Document::array(
          {{{"do", "delete"}, {"kind", "activities"}, {"id", 1}},
           {{"do", "add"}, {"kind", "activities"}, {"document", {{"note", activities[1]["note"]}}}},
           {{"do", "add"},
            {"kind", "activities"},
            {"document", {{"note", "<p>devy:" + foreign + "/1</p>"}}}}})
          .dump());
  const auto found = document({"gist", "crm", "audit"}, 10);
  ASSERT_EQ(found["missing"].size(), 1U);
  EXPECT_EQ(found["missing"][0]["remote_ids"], Document::array({1}));
  ASSERT_EQ(found["twice"].size(), 1U);
  EXPECT_EQ(found["twice"][0]["remote_ids"], Document::array({2, 3}));
  ASSERT_EQ(found["foreign"].size(), 1U);
  EXPECT_EQ(found["foreign"][0]["id"], foreign);
}

TEST_F(CrmCommands, SendsAgainWhatWasRefused) {
  crm_.control(R"({"do": "faults", "rules": [{"method": "POST", "status": 400}]})");
  const auto item = store_gist_file(database_, "one/a.md", "x", {.company = "acme"});
  EXPECT_EQ(document({"gist", "crm", "backfill"})["added"], 0);
  database_.execute("set search_path = devy; select gist_crm_wake('acme', 'operator')");
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  EXPECT_EQ(document({"gist", "crm", "list"})[0]["state"], "refused");
  const auto told = run({"doctor"}).out;
  EXPECT_NE(told.find("the CRM refused 1 items"), std::string::npos) << told;
  EXPECT_EQ(document({"gist", "crm", "retry", item})["retried"], 1);
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  EXPECT_EQ(document({"gist", "crm", "list"})[0]["state"], "sent");
  EXPECT_EQ(run({"gist", "crm", "retry", item}).status, 5);
  EXPECT_EQ(run({"gist", "crm", "retry", "11111111-2222-4333-8444-555555555555"}).status, 4);
  EXPECT_EQ(run({"gist", "crm", "retry", "one"}).status, 2);
  EXPECT_EQ(run({"gist", "crm", "retry"}).status, 2);
  EXPECT_EQ(run({"gist", "crm", "list", item}).status, 2);
}

TEST_F(CrmCommands, SaysThatNoCrmIsConfigured) {
  EXPECT_NE(run({"gist", "crm", "status"}, "off.toml").out.find("nothing is told"),
            std::string::npos);
  const auto refused = run({"gist", "crm", "backfill"}, "off.toml");
  EXPECT_NE(refused.status, 0);
  EXPECT_NE(refused.err.find("crm.token_file"), std::string::npos);
}

}  // namespace crm_commands_test
}  // namespace devy::testing
