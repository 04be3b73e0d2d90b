// What the CRM gets of gists: each version once, whatever happens to requests and answers.
#include "tests/integration/gists/outbox/outbox_fixture.hpp"

namespace devy::outbox {
namespace crm_handler_test {

class Outbox : public OutboxFixture {
 protected:
  // The next answers to a method, by the stand-in's rules.
  void order(const std::string& rule) const {
    crm_.control(R"({"do": "faults", "rules": [)" + rule + "]}");
  }
  [[nodiscard]] double pause_seconds() const {
    return std::stod(
        value("select extract(epoch from max(not_before) - clock_timestamp()) from api_pause"));
  }
  [[nodiscard]] std::string state_of(const std::string& item) const {
    return value("select state from crm_item where id = '" + item + "'");
  }
};

TEST_F(Outbox, SendsEachFileOnce) {
  const auto item = store("one/a.md", "hello");
  store("one/b.md", "<b>");
  wake();
  EXPECT_EQ(run_once(), 1);
  EXPECT_EQ(requests(), std::vector<std::string>(2, "POST /api/v2/activities"));
  const auto all = activities();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["subject"], "a.md");
  EXPECT_EQ(all[0]["type"], "task");
  EXPECT_EQ(all[0]["done"], false);
  EXPECT_TRUE(all[0]["note"].get<std::string>().ends_with("<p>devy:" + item + "/1</p>"));
  EXPECT_EQ(states(), "2 sent");
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(requests().size(), 2U);
}

TEST_F(Outbox, ChangesTheActivityToTheNewestVersionAlone) {
  store("one/a.md", "first");
  run();
  store("one/a.md", "second");
  store("one/a.md", "third");
  run();
  EXPECT_EQ(requests("POST"), 1);
  EXPECT_EQ(requests("PATCH"), 1);
  expect_all_sent();
}

TEST_F(Outbox, MakesAnActivityOfEachVersion) {
  config_.crm.on_edit = "new";
  store("one/a.md", "first");
  store("one/a.md", "second");
  run();
  EXPECT_EQ(activities().size(), 2U);
  EXPECT_EQ(states(), "2 sent");
}

TEST_F(Outbox, IgnoresLaterVersions) {
  config_.crm.on_edit = "ignore";
  store("one/a.md", "first");
  run();
  store("one/a.md", "second");
  EXPECT_EQ(run(), 0);
}

TEST_F(Outbox, MakesADealOfAUser) {
  config_.crm.mode = "deal";
  config_.crm.owner_id = 1;
  store("one/a.md", "x");
  store("two/b.md", "y");
  run();
  ASSERT_EQ(deals().size(), 1U);
  EXPECT_EQ(deals()[0]["title"], "alice");
  for (const auto& activity : activities())
    EXPECT_EQ(activity["deal_id"], deals()[0]["id"]);
  EXPECT_EQ(states(), "3 sent");
}

TEST_F(Outbox, MakesADealOfAGist) {
  config_.crm.mode = "deal_per_gist";
  store("one/a.md", "x");
  store("two/b.md", "y");
  run();
  ASSERT_EQ(deals().size(), 2U);
  EXPECT_NE(deals()[0]["title"], deals()[1]["title"]);
  for (const auto& activity : activities())
    EXPECT_TRUE(activity.contains("deal_id"));
}

// The mode was another one when the item was recorded.
TEST_F(Outbox, MakesTheDealThatAnActivityLacks) {
  store("one/a.md", "x");
  config_.crm.mode = "deal";
  run();
  ASSERT_EQ(deals().size(), 1U);
  EXPECT_EQ(activities()[0]["deal_id"], deals()[0]["id"]);
}

TEST_F(Outbox, FindsADealWhoseAnswerWasLost) {
  config_.crm.mode = "deal";
  order(R"({"path": "deals", "method": "POST", "swallow": true})");
  store("one/a.md", "x");
  run();
  EXPECT_EQ(deals().size(), 1U);
  EXPECT_EQ(states(), "2 sent");
}

TEST_F(Outbox, MarksWhatIsGoneAsDone) {
  config_.crm.on_delete = "done";
  store("one/a.md", "x");
  store("two/b.md", "y");
  store("two/c.md", "z");
  run();
  execute("update gist_file set removed_at = now() where filename = 'b.md'");
  execute(
      "update gist set gone_at = now(), gone_reason = 'deleted' where id in "
      "(select gist_id from gist_file where filename = 'a.md')");
  crm_.forget_requests();
  run();
  EXPECT_EQ(requests("PATCH"), 2);
  for (const auto& activity : activities())
    EXPECT_EQ(activity["done"], activity["subject"] != "c.md");
  EXPECT_EQ(run(), 0);
}

TEST_F(Outbox, TellsNothingOfAGistThatIsGone) {
  store("one/a.md", "x");
  run();
  store("one/a.md", "new");
  store("one/b.md", "y");
  execute("update gist set gone_at = now(), gone_reason = 'secret'");
  crm_.forget_requests();
  run();
  EXPECT_TRUE(requests().empty());
  EXPECT_EQ(states(), "1 sent");
}

TEST_F(Outbox, MakesNothingAnewThatAPersonDeleted) {
  const auto item = store("one/a.md", "x");
  run();
  crm_.control(R"({"do": "delete", "kind": "activities", "id": )" + activities()[0]["id"].dump() +
               "}");
  store("one/a.md", "second");
  run();
  EXPECT_EQ(state_of(item), "gone");
  store("one/a.md", "third");
  EXPECT_EQ(run(), 0);
  EXPECT_TRUE(activities().empty());
}

TEST_F(Outbox, GoesOnBehindWhatIsRefused) {
  order(R"({"method": "POST", "status": 400, "message": "Owner not found"})");
  const auto item = store("one/a.md", "x");
  store("one/b.md", "y");
  wake();
  EXPECT_EQ(run_once(), 1);
  EXPECT_EQ(state_of(item), "refused");
  EXPECT_EQ(value("select error from crm_item where id = '" + item + "'"),
            "status 400, Owner not found");
  EXPECT_EQ(states(), "1 refused, 1 sent");
  EXPECT_EQ(value("select state from operation"), "completed");
}

TEST_F(Outbox, FindsWhatWasStoredWithoutAnAnswer) {
  for (const char* fault :
       {R"("swallow": true)", R"("stored_status": 500)", R"("stored_status": 502)"}) {
    SCOPED_TRACE(fault);
    order(R"({"method": "POST", )" + std::string(fault) + "}");
    store("one/" + std::to_string(requests().size()) + ".md", "x");
    run();
    expect_all_sent();
  }
  EXPECT_EQ(requests("POST"), 3);
}

TEST_F(Outbox, SendsAgainWhatIsAbsentTwice) {
  order(R"({"method": "POST", "status": 500})");
  const auto item = store("one/a.md", "x");
  wake();
  run_once();
  EXPECT_EQ(state_of(item), "sending");
  execute("delete from api_pause; update operation set run_at = now() where state = 'verified'");
  run_once();
  EXPECT_EQ(state_of(item), "sending");
  EXPECT_EQ(requests("POST"), 1);
  // The second look comes no sooner than half a minute later, and the operation waits for it.
  EXPECT_GT(database_.number("select extract(epoch from run_at - now()) from devy.operation"), 20);
  let_time_pass();
  run_once();
  EXPECT_EQ(requests("GET"), 2);
  EXPECT_EQ(requests("POST"), 2);
  expect_all_sent();
}

TEST_F(Outbox, FindsWhatTheCrmHidForAWhile) {
  crm_.control(R"({"do": "hide", "lists": 1})");
  order(R"({"method": "POST", "swallow": true})");
  store("one/a.md", "x");
  run();
  EXPECT_EQ(requests("POST"), 1);
  expect_all_sent();
}

TEST_F(Outbox, RepeatsAChangeWhoseAnswerWasLost) {
  store("one/a.md", "first");
  run();
  order(R"({"method": "PATCH", "swallow": true})");
  store("one/a.md", "second");
  run();
  EXPECT_EQ(requests("PATCH"), 2);
  EXPECT_EQ(requests("GET"), 0);
  expect_all_sent();
}

// A version that comes while the one before is looked for.
TEST_F(Outbox, ChangesWhatItFoundToTheNewestVersion) {
  order(R"({"method": "POST", "swallow": true})");
  store("one/a.md", "first");
  wake();
  run_once();
  store("one/a.md", "second");
  run();
  EXPECT_EQ(requests("PATCH"), 1);
  expect_all_sent();
}

TEST_F(Outbox, LooksByTheClockOfTheServer) {
  crm_.control(R"({"do": "clock", "offset_ms": -3600000})");
  order(R"({"method": "POST", "swallow": true})");
  store("one/a.md", "x");
  run();
  EXPECT_EQ(requests("POST"), 1);
  expect_all_sent();
}

// Notes of the allowed length make pages that are longer than the limit for answers.
TEST_F(Outbox, ReadsListsOfLongNotes) {
  for (int i = 0; i < 20; ++i)
    store("one/" + std::to_string(i) + ".md", std::string(70'000, 'x'));
  order(R"({"method": "POST", "skip": 19, "swallow": true})");
  run();
  EXPECT_EQ(requests("POST"), 20);
  EXPECT_EQ(states(), "20 sent");
  EXPECT_GT(requests("GET"), 1);
}

TEST_F(Outbox, ReadsEveryPage) {
  Document acts = Document::array();
  for (int i = 0; i < 1'100; ++i)
    acts.push_back({{"do", "add"},
                    {"kind", "activities"},
                    {"document", {{"subject", "a person's"}, {"note", "<p>x</p>"}}}});
  crm_.control(acts.dump());
  order(R"({"method": "POST", "swallow": true})");
  store("one/a.md", "x");
  run();
  EXPECT_EQ(requests("GET"), 3);
  EXPECT_EQ(requests("POST"), 1);
}

TEST_F(Outbox, IsGivenBackAfterFiftyItems) {
  for (int i = 0; i < 60; ++i)
    store("one/" + std::to_string(i) + ".md", "x");
  wake();
  run_once();
  EXPECT_EQ(states(), "10 pending, 50 sent");
  EXPECT_EQ(value("select state from operation"), "verified");
  run();
  expect_all_sent();
}

TEST_F(Outbox, LeavesTheCrmAloneAsItSays) {
  const auto item = store("one/a.md", "x");
  const auto pause_after = [&](const std::string& rule) {
    execute("delete from api_pause; update operation set run_at = now() where state = 'verified'");
    order(R"({"method": "POST", )" + rule + "}");
    wake();
    run_once();
    EXPECT_EQ(state_of(item), "pending");
    const auto asked = requests().size();
    execute("update operation set run_at = now() where state = 'verified'");
    run_once();  // asks nothing while the pause lasts
    EXPECT_EQ(requests().size(), asked);
    return pause_seconds();
  };
  EXPECT_NEAR(pause_after(R"("status": 429, "headers": {"Retry-After": "77"})"), 77, 10);
  EXPECT_NEAR(pause_after(R"("status": 429, "headers": {"x-ratelimit-reset": "55"})"), 55, 10);
  EXPECT_NEAR(pause_after(R"("status": 429, "headers": {"x-daily-requests-left": "0"})"), 3'600,
              10);
  EXPECT_NEAR(pause_after(R"("status": 403, "body": "<html>")"), 600, 10);
  execute("update api_pause set not_before = now()");
  order(R"({"method": "POST", "status": 403, "body": "<html>"})");
  execute("update operation set run_at = now() where state = 'verified'");
  run_once();
  EXPECT_NEAR(pause_seconds(), 1'200, 10);
  run();
  EXPECT_EQ(value("select count(*) from api_pause"), "0");  // it forgets how long it waited last
  expect_all_sent();
}

TEST_F(Outbox, WaitsForAnotherTokenWhenOneIsNotAccepted) {
  crm_.control(R"({"do": "token", "token": "another"})");
  const auto item = store("one/a.md", "x");
  wake();
  run_once();
  EXPECT_EQ(state_of(item), "pending");
  EXPECT_EQ(value("select state || ' ' || error_code from operation"), "failed crm_unauthorized");
  auto connection = pg::Connection::open(database_.conninfo(), config::Database{}, "test");
  const auto sweep = [&] {
    return gists::sweep_crm(
        connection, crm_settings(config_.crm),
        all_of(pause_names("acme", crm::fingerprint(crm::open_access(config_.crm)))));
  };
  EXPECT_FALSE(sweep());
  devy::testing::write_text(config_.crm.token_file, "another\n");
  EXPECT_TRUE(sweep());
  EXPECT_EQ(run_once(), 1);
  EXPECT_EQ(state_of(item), "sent");
}

TEST_F(Outbox, SendsWhereMostRequestsMeetALimit) {
  crm_.control(R"({"do": "faults", "each": 3})");
  for (int i = 0; i < 4; ++i)
    store("one/" + std::to_string(i) + ".md", "x");
  run();
  expect_all_sent();
}

TEST_F(Outbox, TellsTheTokenNobody) {
  order(R"({"method": "POST", "status": 400, "message": "token )" +
        std::string(devy::testing::PipedriveState::token) + R"( is odd"})");
  ::testing::internal::CaptureStderr();
  base::log::configure(base::log::Level::debug, base::log::Format::logfmt);
  store("one/a.md", "x");
  run();
  const auto log = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("CRM item refused"), std::string::npos);
  EXPECT_EQ(log.find(devy::testing::PipedriveState::token), std::string::npos);
  for (const auto& request : Document::parse(crm_.requests())) {
    EXPECT_EQ(request["token"], devy::testing::PipedriveState::token);
    EXPECT_EQ(request["path"].get<std::string>().find(devy::testing::PipedriveState::token),
              std::string::npos);
  }
  EXPECT_EQ(value("select count(*) from crm_item where error like '%0123456789abcdef%'"), "0");
}

TEST_F(Outbox, HasNothingToDoForACompanyThatIsNotNamedAnyMore) {
  store("one/a.md", "x");
  wake();
  config_.crm.company = "other";
  EXPECT_EQ(run_once(), 1);
  EXPECT_TRUE(requests().empty());
  EXPECT_EQ(states(), "1 pending");
}

TEST_F(Outbox, TellsOnlyFactsOfWhatIsNoText) {
  const auto item = store("one/a.bin", "x");
  execute("update gist_version set content = null, content_state = 'binary'");
  run();
  EXPECT_EQ(state_of(item), "sent");
  const std::string note = activities()[0]["note"];
  EXPECT_EQ(note.find("<pre>"), std::string::npos);
  EXPECT_NE(note.find("<p>It is no text.</p>"), std::string::npos);
}

}  // namespace crm_handler_test
}  // namespace devy::outbox
