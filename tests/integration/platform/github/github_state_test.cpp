// The stand-in that the mirror is tried against is itself held against GitHub's own descriptions,
// and behaves as GitHub's clients know GitHub. Each test names one behaviour that a scan relies on.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "core/platform/base/error.hpp"
#include "core/platform/github/client.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "core/platform/webhook/signature.hpp"
#include "tests/support/github/fake_github.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/process/peer.hpp"

namespace devy::github {
namespace github_state_test {

using nlohmann::json;

constexpr std::string_view notes = "/repos/alice/notes";

class GithubStateTest : public ::testing::Test {
 protected:
  GithubStateTest() : transport_(http::make_httplib_transport({})) {
    act({{"do", "create_user"}, {"login", "alice"}});
    act({{"do", "token"}, {"token", "owner"}, {"user", "alice"}, {"scopes", {"repo"}}});
    act({{"do", "create_repository"}, {"owner", "alice"}, {"name", "notes"}});
  }

  json act(const json& act) { return json::parse(github_.control(act.dump())); }
  json on_notes(json wanted) {
    wanted["repository"] = "alice/notes";
    return act(wanted);
  }
  http::Response get(const std::string& path, http::Headers headers = {}, bool as_owner = true) {
    if (as_owner) headers.emplace_back("Authorization", "Bearer owner");
    return transport_->send({"GET", github_.url() + path, headers, ""});
  }
  http::Response get_notes(const std::string& rest, const http::Headers& headers = {}) {
    return get(std::string(notes) + rest, headers);
  }
  void wait_for_a_request() {
    constexpr int looks_max = 10'000;  // each asks the stand-in, so this is seconds
    for (int looks = 0; looks < looks_max && github_.requests() == "[]"; ++looks)
      std::this_thread::yield();
  }
  std::string remaining() {
    return std::string(get("/rate_limit").header("X-RateLimit-Remaining"));
  }

  // Numbers of all pages.
  std::vector<int> numbers(const std::string& rest) {
    std::vector<int> found;
    const base::Secret token("owner");
    Client client(*transport_, github_.url(), base::system_clock());
    client.pages({.path = std::string(notes) + rest, .bearer = &token}, [&](const Answer& answer) {
      for (const auto& item : json::parse(answer.body))
        found.push_back(item["number"]);
      return true;
    });
    return found;
  }

  testing::GithubState github_;
  std::unique_ptr<http::Transport> transport_;
};

TEST(GithubStateCheck, AnswersAsGithubsOwnDescriptionSays) {
  const auto lines = testing::run_peer("github_state/check.mjs");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].ends_with("problems 0")) << lines[0];
}

TEST_F(GithubStateTest, GivesEachIssueOnceThroughCursors) {
  on_notes({{"do", "fill"}, {"issues", 230}, {"pulls", 20}, {"same_second", 70}});
  const auto found = numbers("/issues?state=all&sort=updated&direction=asc&per_page=30");
  EXPECT_EQ(found.size(), 250U);
  EXPECT_EQ(std::set<int>(found.begin(), found.end()).size(), 250U);
  const auto link = get_notes("/issues?state=all").header("Link");
  EXPECT_NE(link.find("after="), std::string_view::npos);
  EXPECT_EQ(link.find("rel=\"last\""), std::string_view::npos);
}

TEST_F(GithubStateTest, NamesTheLastOfNumberedPages) {
  on_notes({{"do", "fill"}, {"issues", 5}, {"pulls", 25}});
  const auto link = std::string(get_notes("/pulls?state=all&per_page=10").header("Link"));
  EXPECT_NE(link.find("page=3>; rel=\"last\""), std::string::npos) << link;
  EXPECT_EQ(numbers("/pulls?state=all&per_page=10").size(), 25U);
}

TEST_F(GithubStateTest, TellsInStateWhatItsPagesTell) {
  on_notes({{"do", "fill"}, {"issues", 40}, {"pulls", 10}, {"labels", 6}, {"milestones", 3}});
  on_notes({{"do", "random"}, {"count", 200}, {"seed", 3}});
  std::map<int, std::string> told, known;
  for (const auto& issue : json::parse(get_notes("/issues?state=all&per_page=100").body))
    told[issue["number"]] = issue["title"];
  const auto state = json::parse(github_.state());
  for (const auto& issue : state["repositories"][0]["issues"])
    if (issue["deleted_at"].is_null()) known[issue["number"]] = issue["title"];
  ASSERT_LT(known.size(), 100U);
  EXPECT_EQ(told, known);
}

TEST_F(GithubStateTest, IsTheSameAgainForTheSameSeed) {
  testing::GithubState other;
  std::vector<json> states;
  for (const auto* github : {&github_, &other}) {
    if (github == &other)
      github->control(R"([{"do":"create_user","login":"alice"},
                          {"do":"create_repository","owner":"alice","name":"notes"}])");
    github->control(R"([{"do":"clock","set":"2030-01-01T00:00:00Z"},
      {"do":"fill","repository":"alice/notes","issues":30,"pulls":9,"labels":5,"seed":4},
      {"do":"random","repository":"alice/notes","count":100,"seed":4,"advance_max":3}])");
    states.push_back(json::parse(github->state())["repositories"][0]["issues"]);
  }
  EXPECT_GT(states[0].size(), 39U);
  EXPECT_EQ(states[0], states[1]);
}

TEST_F(GithubStateTest, RefusesPagesBeyondTenThousandIssues) {
  EXPECT_EQ(get_notes("/issues?per_page=100&page=99").status, 200);
  EXPECT_EQ(get_notes("/issues?per_page=100&page=100").status, 422);
}

TEST_F(GithubStateTest, FindsNothingSinceTheEpoch) {
  on_notes({{"do", "create_issue"}});
  EXPECT_EQ(get_notes("/issues?since=1970-01-01T00:00:00Z").body, "[]");
  EXPECT_NE(get_notes("/issues?since=1970-01-01T00:00:01Z").body, "[]");
}

TEST_F(GithubStateTest, CountsAnUnchangedAnswerOnlyWithoutAToken) {
  const auto tag = std::string(get_notes("").header("ETag"));
  const auto left = remaining();
  EXPECT_EQ(get_notes("", {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(remaining(), left);
  const auto own = std::string(get(std::string(notes), {}, false).header("ETag"));
  EXPECT_NE(own, tag);
  const auto unchanged = get(std::string(notes), {{"If-None-Match", own}}, false);
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.header("X-RateLimit-Used"), "2");
  on_notes({{"do", "edit_repository"}, {"description", "new"}});
  EXPECT_EQ(get_notes("", {{"If-None-Match", tag}}).status, 200);
}

TEST_F(GithubStateTest, RedirectsFromAFormerName) {
  const auto id = json::parse(get_notes("").body)["id"].get<int>();
  on_notes({{"do", "rename_repository"}, {"name", "papers"}});
  const auto moved = get_notes("/labels?per_page=5");
  EXPECT_EQ(moved.status, 301);
  EXPECT_EQ(moved.header("Location"),
            github_.url() + "/repositories/" + std::to_string(id) + "/labels?per_page=5");
  act({{"do", "create_repository"}, {"owner", "alice"}, {"name", "notes"}});
  EXPECT_NE(json::parse(get_notes("").body)["id"].get<int>(), id);
}

TEST_F(GithubStateTest, TellsDeletedFromTransferredFromUnknownIssues) {
  act({{"do", "create_repository"}, {"owner", "alice"}, {"name", "other"}, {"private", true}});
  const auto deleted = on_notes({{"do", "create_issue"}})["number"].get<int>();
  const auto transferred = on_notes({{"do", "create_issue"}})["number"].get<int>();
  on_notes({{"do", "delete_issue"}, {"number", deleted}});
  on_notes({{"do", "transfer_issue"}, {"number", transferred}, {"to", "alice/other"}});
  EXPECT_EQ(get_notes("/issues/" + std::to_string(deleted)).status, 410);
  EXPECT_EQ(get_notes("/issues/" + std::to_string(transferred)).status, 301);
  EXPECT_EQ(get(std::string(notes) + "/issues/" + std::to_string(transferred), {}, false).status,
            404);
  EXPECT_EQ(get_notes("/issues/99").status, 404);
  on_notes({{"do", "switch_issues"}, {"on", false}});
  EXPECT_EQ(get_notes("/issues").status, 410);
}

TEST_F(GithubStateTest, HidesAPrivateRepositoryFromOthers) {
  on_notes({{"do", "privatise_repository"}});
  EXPECT_EQ(get_notes("").status, 200);
  EXPECT_EQ(get(std::string(notes), {}, false).status, 404);
  EXPECT_EQ(get(std::string(notes), {{"Authorization", "Bearer nobody"}}, false).status, 401);
}

TEST_F(GithubStateTest, LimitsRequestsAnHour) {
  act({{"do", "limit"}, {"token", "owner"}, {"remaining", 1}});
  EXPECT_EQ(get_notes("").status, 200);
  const auto refused = get_notes("");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.header("X-RateLimit-Remaining"), "0");
  act({{"do", "clock"}, {"advance", 3601}});
  EXPECT_EQ(get_notes("").status, 200);
}

TEST_F(GithubStateTest, RefusesAsManyRequestsAsItIsTold) {
  act({{"do", "secondary"}, {"times", 1}, {"status", 429}, {"retry_after", 7}});
  const auto second = get_notes("");
  EXPECT_EQ(second.status, 429);
  EXPECT_EQ(second.header("Retry-After"), "7");
  EXPECT_EQ(get_notes("").status, 200);
}

TEST_F(GithubStateTest, LimitsRequestsAtOnce) {
  act({{"do", "secondary"}, {"concurrent_max", 1}, {"retry_after", nullptr}});
  act({{"do", "faults"}, {"rules", {{{"path", "/issues"}, {"delay_ms", 1'000}}}}});
  auto first = std::async(std::launch::async, [&] { return get_notes("/issues"); });
  wait_for_a_request();
  const auto own = http::make_httplib_transport({});
  const auto second = own->send(
      {"GET", github_.url() + std::string(notes), {{"Authorization", "Bearer owner"}}, ""});
  EXPECT_EQ(second.status, 403);
  EXPECT_EQ(second.header("Retry-After"), "");
  EXPECT_NE(second.header("X-RateLimit-Remaining"), "0");
  EXPECT_EQ(first.get().status, 200);
}

TEST_F(GithubStateTest, FailsAsItIsTold) {
  on_notes({{"do", "fill"}, {"issues", 50}});
  act({{"do", "faults"}, {"bytes_max", 50'000}});
  EXPECT_EQ(get_notes("/issues?state=all&per_page=50").status, 502);
  EXPECT_EQ(get_notes("/issues?state=all&per_page=5").status, 200);
  act({{"do", "faults"},
       {"rules",
        {{{"path", "/labels"}, {"status", 504}},
         {{"path", "/labels"}, {"cut", true}},
         {{"path", "/labels"}, {"garble", true}, {"skip", 0}}}}});
  on_notes({{"do", "create_label"}, {"name", "a"}});
  EXPECT_EQ(get_notes("/labels").status, 504);
  EXPECT_THROW(static_cast<void>(get_notes("/labels")), base::Error);
  EXPECT_FALSE(json::accept(get_notes("/labels").body));
  EXPECT_TRUE(json::accept(get_notes("/labels").body));
}

TEST_F(GithubStateTest, HangsAsItIsTold) {
  act({{"do", "faults"}, {"rules", {{{"path", "/labels"}, {"hang", true}}}}});
  http::TransportOptions options;
  options.read_timeout = std::chrono::milliseconds(300);
  transport_ = http::make_httplib_transport(options);
  EXPECT_THROW(static_cast<void>(get_notes("/labels")), base::Error);
  EXPECT_EQ(get_notes("/labels").status, 200);
}

// A page that is on its way while the repository changes is what scans have to live with.
TEST_F(GithubStateTest, AnswersWhatWasThereWhenTheRequestCame) {
  act({{"do", "faults"}, {"latency_ms", 500}});
  auto page = std::async(std::launch::async, [&] { return get_notes("/issues"); });
  wait_for_a_request();
  on_notes({{"do", "create_issue"}});
  EXPECT_EQ(page.get().body, "[]");
}

TEST_F(GithubStateTest, SignsDeliveriesAndKeepsThem) {
  testing::FakeGithub receiver([](const auto&) { return testing::FakeAnswer{}; });
  const auto hook =
      on_notes({{"do", "create_hook"}, {"url", receiver.url() + "/hook"}, {"secret", "s"}});
  on_notes({{"do", "create_issue"}, {"title", "one"}});
  act({{"do", "drain"}});
  const auto requests = receiver.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].header("x-github-event"), "ping");
  EXPECT_EQ(requests[1].header("x-github-event"), "issues");
  EXPECT_EQ(requests[1].header("x-hub-signature-256"),
            webhook::sign(requests[1].body, base::Secret("s")));
  const auto kept = json::parse(get_notes("/hooks/" + hook["id"].dump() + "/deliveries").body);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0]["guid"], requests[1].header("x-github-delivery"));
  EXPECT_EQ(kept[0]["status"], "OK");
}

TEST_F(GithubStateTest, ReleasesHeldDeliveriesInTheirOrder) {
  testing::FakeGithub receiver([](const auto&) { return testing::FakeAnswer{}; });
  on_notes({{"do", "create_hook"}, {"url", receiver.url() + "/hook"}});
  act({{"do", "drain"}});
  act({{"do", "webhooks"}, {"held", true}});
  for (const auto* title : {"one", "two", "three"})
    on_notes({{"do", "create_issue"}, {"title", title}});
  act({{"do", "release"}, {"count", 2}});
  EXPECT_EQ(act({{"do", "drain"}})["left"], 1);
  const auto requests = receiver.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(json::parse(requests[1].body)["issue"]["title"], "one");
  EXPECT_EQ(json::parse(requests[2].body)["issue"]["title"], "two");
}

TEST_F(GithubStateTest, RecordsDeliveriesThatNobodyReceives) {
  act({{"do", "webhooks"}, {"recorded", true}});
  on_notes({{"do", "create_issue"}, {"title", "one"}});
  on_notes({{"do", "create_label"}, {"name", "bug"}});
  const auto recorded = json::parse(github_.deliveries());
  ASSERT_EQ(recorded.size(), 2U);
  EXPECT_EQ(recorded[0]["payload"]["issue"]["title"], "one");
  EXPECT_EQ(recorded[1]["event"], "label");
  github_.forget_deliveries();
  EXPECT_EQ(github_.deliveries(), "[]");
}

TEST_F(GithubStateTest, SendsDeliveriesTwiceNeverAndInAnotherOrder) {
  testing::FakeGithub receiver([](const auto&) { return testing::FakeAnswer{}; });
  on_notes({{"do", "create_hook"}, {"url", receiver.url() + "/hook"}, {"events", {"issues"}}});
  act({{"do", "drain"}});
  act({{"do", "webhooks"}, {"held", true}, {"doubled", 0.5}, {"dropped", 0.3}, {"seed", 5}});
  for (int count = 0; count < 60; ++count)
    on_notes({{"do", "create_issue"}});
  EXPECT_EQ(receiver.requests().size(), 1U);
  act({{"do", "webhooks"}, {"held", false}, {"reordered", 20}});
  act({{"do", "drain"}});
  std::vector<int> order;
  std::set<std::string> guids;
  for (const auto& request : receiver.requests()) {
    if (request.header("x-github-event") != "issues") continue;
    order.push_back(json::parse(request.body)["issue"]["number"]);
    guids.insert(request.header("x-github-delivery"));
  }
  EXPECT_LT(guids.size(), 60U);
  EXPECT_GT(order.size(), guids.size());
  EXPECT_FALSE(std::ranges::is_sorted(order));
}

TEST(StrictGithubState, RefusesWhatGithubDoesNotDescribe) {
  testing::GithubState github({.is_strict = true});
  github.control(R"([{"do":"create_user","login":"alice"},
                     {"do":"create_repository","owner":"alice","name":"notes"}])");
  const auto transport = http::make_httplib_transport({});
  const auto status = [&](const std::string& path) {
    return transport->send({"GET", github.url() + path, {{"User-Agent", "test"}}, ""}).status;
  };
  EXPECT_EQ(status("/repos/alice/notes/issues?state=all"), 200);
  EXPECT_EQ(status("/repos/alice/notes/issues?states=all"), 599);
  EXPECT_EQ(status("/repos/alice/notes/issues?state=every"), 599);
  EXPECT_EQ(status("/repos/alice/notes/everything"), 599);
}

}  // namespace github_state_test
}  // namespace devy::github
