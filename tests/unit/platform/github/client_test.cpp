#include "core/platform/github/client.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"
#include "core/platform/github/hooks.hpp"
#include "core/platform/github/limit.hpp"
#include "core/platform/github/statuses.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/http/scripted_transport.hpp"

namespace devy::github {
namespace client_test {

using testing::ScriptedTransport;

constexpr const char* api = "https://api.example/v3";

class GithubClient : public ::testing::Test {
 protected:
  void play(ScriptedTransport::Play play) {
    transport_ = std::make_unique<ScriptedTransport>(std::move(play));
    client_.emplace(*transport_, api, clock_);
  }
  Answer get(const std::string& path = "/repos/alice/notes") {
    return client_->send({.path = path, .bearer = &bearer_});
  }
  // The error's kind and code; "none".
  std::string verdict_of(int status, http::Headers headers = {}, std::string body = {}) {
    play([&](const auto&) { return http::Response{status, headers, body}; });
    try {
      static_cast<void>(get());
    } catch (const base::Error& error) {
      EXPECT_EQ(error.text().find("s3cret"), std::string::npos) << error.text();
      EXPECT_FALSE(error.hint().empty()) << error.text();
      return std::string(to_string(error.kind())) + " " + error.code();
    }
    return "none";
  }

  testing::HandClock clock_;
  const base::Secret bearer_{"s3cret"};
  std::unique_ptr<ScriptedTransport> transport_;
  std::optional<Client> client_;
};

TEST_F(GithubClient, SendsTheHeadersThatGithubRequires) {
  play([](const auto&) { return http::Response{200, {{"ETag", "\"x\""}}, "{}"}; });
  const auto answer = get();
  const auto& request = transport_->requests.at(0);
  EXPECT_EQ(request.url, "https://api.example/v3/repos/alice/notes");
  EXPECT_EQ(ScriptedTransport::header(request, "accept"), "application/vnd.github+json");
  EXPECT_EQ(ScriptedTransport::header(request, "x-github-api-version"), "2022-11-28");
  EXPECT_EQ(ScriptedTransport::header(request, "authorization"), "Bearer s3cret");
  EXPECT_NE(ScriptedTransport::header(request, "user-agent"), "");
  EXPECT_EQ(answer.etag, "\"x\"");
  static_cast<void>(client_->send({.path = "/meta"}));
  EXPECT_EQ(ScriptedTransport::header(transport_->requests.at(1), "authorization"), "");
}

TEST_F(GithubClient, ClassifiesEachStatus) {
  EXPECT_EQ(verdict_of(200), "none");
  EXPECT_EQ(verdict_of(204), "none");
  EXPECT_EQ(verdict_of(401), "denied github_unauthorized");
  EXPECT_EQ(verdict_of(403), "denied github_forbidden");
  EXPECT_EQ(verdict_of(404), "not_found github_not_found");
  EXPECT_EQ(verdict_of(410), "not_found github_gone");
  EXPECT_EQ(verdict_of(408), "unavailable github_unavailable");
  EXPECT_EQ(verdict_of(422), "rejected github_refused");
  EXPECT_EQ(verdict_of(500), "unavailable github_unavailable");
  EXPECT_EQ(verdict_of(502), "unavailable github_unavailable");
  EXPECT_EQ(verdict_of(429), "busy rate_limited");
  EXPECT_EQ(verdict_of(301), "rejected github_redirect");
  EXPECT_EQ(verdict_of(600), "unavailable github_unavailable");
}

TEST_F(GithubClient, RepeatsWhatGithubSaysButNoSecretAndNoControlCharacter) {
  play([](const auto&) {
    return http::Response{422, {}, R"({"message":"no \u001b[31m ghp_0123456789abcdefghij"})"};
  });
  try {
    static_cast<void>(get());
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_NE(error.text().find("status 422, no "), std::string::npos) << error.text();
    EXPECT_EQ(error.text().find('\x1b'), std::string::npos);
    EXPECT_EQ(error.text().find("0123456789abcdefghij"), std::string::npos);
  }
}

TEST_F(GithubClient, FollowsARenamedRepositoryAndReportsIt) {
  for (const int status : {301, 302, 307, 308}) {
    play([&](const http::Request& request) {
      if (request.url.ends_with("/repositories/1")) return http::Response{200, {}, "{}"};
      return http::Response{status, {{"Location", std::string(api) + "/repositories/1"}}, ""};
    });
    const auto answer = client_->send({.method = "POST", .path = "/repos/a/b", .body = "{1}"});
    EXPECT_EQ(answer.moved_to, std::string(api) + "/repositories/1");
    EXPECT_EQ(transport_->requests.at(1).method, "POST");
    EXPECT_EQ(transport_->requests.at(1).body, "{1}");
  }
}

TEST_F(GithubClient, SendsATokenToNoOtherServer) {
  for (const auto* target :
       {"https://evil.example/x", "https://api.example.evil/v3/x", "https://api.example/v3x/x",
        "http://api.example/v3/x", "https://api.example/other"}) {
    play([&](const auto&) { return http::Response{301, {{"Location", target}}, ""}; });
    EXPECT_EQ(verdict_of(301, {{"Location", target}}), "rejected github_redirect") << target;
    EXPECT_EQ(transport_->requests.size(), 1U);
    play([&](const auto&) {
      return http::Response{200, {{"Link", "<" + std::string(target) + ">; rel=\"next\""}}, "[]"};
    });
    EXPECT_THROW(client_->pages({.path = "/list"}, [](const auto&) { return true; }), base::Error);
    EXPECT_EQ(transport_->requests.size(), 1U);
  }
}

TEST_F(GithubClient, LimitsAChainOfRedirects) {
  play([](const http::Request& request) {
    return http::Response{302, {{"Location", request.url + "x"}}, ""};
  });
  EXPECT_THROW(static_cast<void>(get()), base::Error);
  EXPECT_EQ(transport_->requests.size(), 1U + hops_max);
}

TEST_F(GithubClient, ReadsPagesUntilTheCallerStops) {
  int page = 0;
  play([&](const auto&) {
    const auto next = std::string("<") + api + "/list?page=" + std::to_string(++page + 1) + ">";
    return http::Response{200, {{"Link", next + "; rel=\"next\""}}, "[]"};
  });
  int seen = 0;
  client_->pages({.path = "/list"}, [&](const auto&) { return ++seen < 3; });
  EXPECT_EQ(transport_->requests.size(), 3U);
  EXPECT_TRUE(transport_->requests.at(2).url.ends_with("/list?page=3"));
  seen = -1'000'000;
  client_->pages({.path = "/list"}, [&](const auto&) { return ++seen < 3; });
  EXPECT_EQ(transport_->requests.size(), 3U + pages_max);
}

TEST_F(GithubClient, DetectsPagesThatLeadInACircle) {
  play([](const http::Request& request) {
    const auto* next = request.url.ends_with("2") ? "1" : "2";
    const auto link = std::string("<") + api + "/list?page=" + next + ">; rel=\"next\"";
    return http::Response{200, {{"Link", link}}, "[]"};
  });
  try {
    client_->pages({.path = "/list?page=1"}, [](const auto&) { return true; });
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "github_paging");
  }
  EXPECT_EQ(transport_->requests.size(), 2U);
}

TEST_F(GithubClient, RequestsOnlyWhatHasChanged) {
  play([](const http::Request& request) {
    const auto known = ScriptedTransport::header(request, "if-none-match") == "\"v1\"";
    return http::Response{known ? 304 : 200, {{"ETag", "\"v1\""}}, known ? "" : "{}"};
  });
  EXPECT_FALSE(get().is_unchanged);
  const auto again = client_->send({.path = "/x", .etag = "\"v1\""});
  EXPECT_TRUE(again.is_unchanged);
  EXPECT_EQ(again.etag, "\"v1\"");
}

TEST_F(GithubClient, WaitsLongerWithEachUnexplainedRefusal) {
  int refusals = 2;
  play([&](const auto&) { return http::Response{refusals-- > 0 ? 429 : 200, {}, "{}"}; });
  const auto pause = [&]() -> long {
    try {
      static_cast<void>(get());
    } catch (const LimitReached& limit) {
      const auto time = limit.not_before() - clock_.now();
      return std::chrono::duration_cast<std::chrono::seconds>(time).count();
    }
    return 0;
  };
  EXPECT_EQ(pause(), 60);
  EXPECT_EQ(pause(), 120);
  EXPECT_EQ(pause(), 0);
  refusals = 1;
  EXPECT_EQ(pause(), 60);
}

TEST_F(GithubClient, SetsAStatus) {
  play([](const auto&) { return http::Response{201, {}, "{}"}; });
  const bool is_moved =
      set_status(*client_, bearer_,
                 {"alice/notes",
                  std::string(40, 'a'),
                  {StatusState::failure, std::string(200, 'x'), "https://devy.example/alice"}});
  EXPECT_FALSE(is_moved);
  const auto& request = transport_->requests.at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, std::string(api) + "/repos/alice/notes/statuses/" + std::string(40, 'a'));
  EXPECT_EQ(request.body, R"({"state":"failure","context":"devy","description":")" +
                              std::string(139, 'x') +
                              R"(…","target_url":"https://devy.example/alice"})");
}

TEST_F(GithubClient, ReadsDeliveriesAndSkipsInvalidOnes) {
  play([](const auto&) {
    return http::Response{
        200,
        {{"ETag", "\"d\""}},
        R"([{"id":12,"guid":"0b989ba4-242f-11e5-81e1-c7b6966d2516","delivered_at":"2026-01-02T03:04:05Z",
             "status_code":502,"event":"push","action":null,"repository_id":7},
            {"id":11,"guid":"no uuid"}, {"guid":"0b989ba4-242f-11e5-81e1-c7b6966d2516"}, 5, null,
            {"id":10,"guid":"1b989ba4-242f-11e5-81e1-c7b6966d2516","status_code":-1}])"};
  });
  std::vector<HookDelivery> found;
  std::string etag;
  EXPECT_FALSE(list_deliveries(*client_, bearer_, {}, etag, [&](const HookDelivery& delivery) {
    found.push_back(delivery);
    return true;
  }));
  EXPECT_TRUE(transport_->requests.at(0).url.ends_with("/app/hook/deliveries?per_page=100"));
  EXPECT_EQ(etag, "\"d\"");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].id, 12);
  EXPECT_EQ(found[0].status_code, 502);
  EXPECT_EQ(found[0].repository_id, 7);
  EXPECT_TRUE(found[0].delivered_at);
  EXPECT_EQ(found[1].status_code, 0);
}

TEST_F(GithubClient, ReportsAnInvalidAnswerAsAnError) {
  for (const auto* body : {"", "<html>", "{}", "[", "\xff\xfe", "7"}) {
    play([&](const auto&) { return http::Response{200, {}, body}; });
    std::string etag;
    try {
      list_deliveries(*client_, bearer_, {"a/b", 3}, etag, [](const auto&) { return true; });
      ADD_FAILURE() << body;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "github_garbage");
      EXPECT_TRUE(is_retryable(error.kind()));
    }
  }
}

TEST_F(GithubClient, RefusesAnswersThatNestTooDeep) {
  play([](const auto&) { return http::Response{200, {}, std::string(1'000'000, '[')}; });
  std::string etag;
  EXPECT_THROW(list_deliveries(*client_, bearer_, {}, etag, [](const auto&) { return true; }),
               base::Error);
}

TEST_F(GithubClient, FindsTheHookThatSendsToUs) {
  play([](const auto&) {
    return http::Response{200, {}, R"([{"id":1,"config":{"url":"https://ci.example/hook"}},{"id":2},
      {"id":3,"config":{"url":"https://devy.example/v1/webhooks"}}])"};
  });
  EXPECT_EQ(find_hook(*client_, bearer_, "a/b", "/v1/webhooks"), 3);
  EXPECT_EQ(find_hook(*client_, bearer_, "a/b", "/v2/webhooks"), std::nullopt);
}

}  // namespace client_test
}  // namespace devy::github
