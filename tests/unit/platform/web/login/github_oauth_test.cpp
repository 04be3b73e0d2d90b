#include "core/platform/web/login/github_oauth.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"
#include "tests/support/http/scripted_transport.hpp"

namespace devy::login {
namespace github_oauth_test {

using testing::ScriptedTransport;

OauthApp app() {
  return {"client", base::Secret("s&cret"), "https://api.github.com",
          "https://console.example/login/authorized"};
}

http::Response json_answer(int status, std::string body) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

constexpr const char* token_answer =
    R"({"access_token":"gho_1","scope":"user:email","token_type":"bearer"})";
constexpr const char* user_answer = R"({"login":"Alice","id":583231,"name":null})";

// How a login ends when the exchange, and then the user, are answered like that.
std::string end_of(const http::Response& exchanged, const http::Response& user) {
  ScriptedTransport transport([&](const http::Request& request) {
    return request.url.ends_with("/user") ? user : exchanged;
  });
  const auto found = identify(transport, app(), "code", "verifier");
  if (const auto* failure = std::get_if<Failure>(&found)) return std::string(to_string(*failure));
  const auto& identity = std::get<Identity>(found);
  return identity.login + " " + std::to_string(identity.id) + " " + identity.scopes;
}

TEST(GithubOauthTest, KnowsThePagesOfAnApi) {
  EXPECT_EQ(pages_url("https://api.github.com"), "https://github.com");
  EXPECT_EQ(pages_url("https://api.octo.ghe.com"), "https://octo.ghe.com");
  EXPECT_EQ(pages_url("https://github.example/api/v3"), "https://github.example");
  EXPECT_EQ(pages_url("http://127.0.0.1:4000"), "http://127.0.0.1:4000");
  EXPECT_EQ(pages_url("https://api.example"), "https://api.example");
}

TEST(GithubOauthTest, SendsABrowserToGithub) {
  EXPECT_EQ(authorize_url(app(), {.state = "st-ate", .challenge = "ch_al", .scope = "a:b c"}),
            "https://github.com/login/oauth/authorize?client_id=client"
            "&redirect_uri=https%3A%2F%2Fconsole.example%2Flogin%2Fauthorized"
            "&scope=a%3Ab%20c&state=st-ate&code_challenge=ch_al&code_challenge_method=S256"
            "&response_type=code");
}

TEST(GithubOauthTest, ProvesItselfByPkce) {
  // RFC 7636, appendix B.
  EXPECT_EQ(challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  const auto pkce = new_pkce(base::system_random());
  EXPECT_EQ(pkce.verifier.reveal().size(), 43U);
  EXPECT_EQ(pkce.challenge, challenge_of(pkce.verifier.reveal()));
}

TEST(GithubOauthTest, ExchangesACodeAndAsksWhoItIs) {
  ScriptedTransport transport([](const http::Request& request) {
    return json_answer(200, request.url.ends_with("/user") ? user_answer : token_answer);
  });
  const auto found = identify(transport, app(), "co de", "verifier");
  const auto* identity = std::get_if<Identity>(&found);
  ASSERT_NE(identity, nullptr);
  EXPECT_EQ(identity->id, 583231);
  EXPECT_EQ(identity->login, "Alice");
  EXPECT_EQ(identity->token.reveal(), "gho_1");
  ASSERT_EQ(transport.requests.size(), 2U);
  EXPECT_EQ(transport.requests[0].url, "https://github.com/login/oauth/access_token");
  EXPECT_EQ(transport.requests[0].method, "POST");
  EXPECT_EQ(transport.requests[0].body,
            "client_id=client&client_secret=s%26cret&code=co%20de"
            "&redirect_uri=https%3A%2F%2Fconsole.example%2Flogin%2Fauthorized"
            "&code_verifier=verifier");
  EXPECT_EQ(transport.requests[1].url, "https://api.github.com/user");
  EXPECT_EQ(ScriptedTransport::header(transport.requests[1], "Authorization"), "Bearer gho_1");
}

TEST(GithubOauthTest, NamesEveryFailure) {
  const auto user = json_answer(200, user_answer), token = json_answer(200, token_answer);
  const auto error = [](const std::string& name) {
    return json_answer(200, R"({"error":")" + name + R"(","error_description":"x"})");
  };
  EXPECT_EQ(end_of(token, user), "Alice 583231 user:email");
  EXPECT_EQ(end_of(error("bad_verification_code"), user), "code_refused");
  EXPECT_EQ(end_of(error("redirect_uri_mismatch"), user), "redirect_uri_mismatch");
  EXPECT_EQ(end_of(error("incorrect_client_credentials"), user), "client_refused");
  EXPECT_EQ(end_of(error("application_suspended"), user), "application_suspended");
  EXPECT_EQ(end_of(error("something_new"), user), "refused");
  EXPECT_EQ(end_of(json_answer(404, "{}"), user), "client_refused");
  EXPECT_EQ(end_of(json_answer(503, ""), user), "unreachable");
  EXPECT_EQ(end_of(token, json_answer(401, "{}")), "code_refused");
  EXPECT_EQ(end_of(token, json_answer(302, "")), "refused");
}

TEST(GithubOauthTest, TakesNoAnswerThatIsNone) {
  const auto user = json_answer(200, user_answer), token = json_answer(200, token_answer);
  for (const auto* answer :
       {"", "access_token=gho_1&token_type=bearer", "[]", "{}", R"({"access_token":"gho_1"})",
        R"({"access_token":"","token_type":"bearer"})",
        R"({"access_token":"a\r\nX: y","token_type":"bearer"})",
        R"({"access_token":"gho_1","token_type":"mac"})",
        R"({"access_token":"gho_1","access_token":"gho_2","token_type":"bearer"})"})
    EXPECT_EQ(end_of(json_answer(200, answer), user), "malformed") << answer;
  for (const auto* answer : {"{}", R"({"login":"alice"})", R"({"login":"alice","id":0})",
                             R"({"login":"alice","id":"1"})", R"({"login":"","id":1})"})
    EXPECT_EQ(end_of(token, json_answer(200, answer)), "malformed") << answer;
}

TEST(GithubOauthTest, TellsSilenceFromADeadLine) {
  for (const auto& [code, failure] : {std::pair("timed_out", Failure::timed_out),
                                      std::pair("connect_failed", Failure::unreachable),
                                      std::pair("tls_verify", Failure::unreachable),
                                      std::pair("response_too_large", Failure::malformed)}) {
    ScriptedTransport transport([&, code = code](const http::Request&) -> http::Response {
      throw base::Error(base::ErrorKind::unavailable, "no answer", "", code);
    });
    const auto found = identify(transport, app(), "code", "verifier");
    EXPECT_EQ(std::get<Failure>(found), failure) << code;
  }
}

TEST(GithubOauthTest, AsksNothingForACodeThatIsNone) {
  ScriptedTransport transport([](const http::Request&) { return json_answer(200, "{}"); });
  EXPECT_EQ(std::get<Failure>(identify(transport, app(), "", "v")), Failure::code_refused);
  EXPECT_EQ(std::get<Failure>(identify(transport, app(), std::string(300, 'a'), "v")),
            Failure::code_refused);
  EXPECT_TRUE(transport.requests.empty());
}

TEST(GithubOauthTest, KnowsWhichScopesWereGranted) {
  EXPECT_TRUE(has_scope("admin:repo_hook,user:email", "user:email"));
  EXPECT_TRUE(has_scope("admin:repo_hook", "admin:repo_hook"));
  for (const auto* scopes : {"", "admin:repo_hooks", "write:repo_hook", "admin:repo"})
    EXPECT_FALSE(has_scope(scopes, "admin:repo_hook")) << scopes;
}

TEST(GithubOauthTest, ExplainsEveryFailure) {
  for (const auto* error : {"access_denied", "redirect_uri_mismatch", "application_suspended"}) {
    const auto failure = failure_named(error);
    EXPECT_FALSE(explain(failure).cause.empty());
    EXPECT_FALSE(explain(failure).hint.empty());
    EXPECT_TRUE(http_status(failure) == 403 || http_status(failure) == 502);
  }
  EXPECT_EQ(http_status(Failure::denied), 403);
  EXPECT_EQ(http_status(Failure::redirect_uri_mismatch), 502);
}

}  // namespace github_oauth_test
}  // namespace devy::login
