// The uploads API over real sockets: for a blog's owner with a token, and for nobody else.
#include "core/platform/pg/connection.hpp"
#include "core/platform/token/token_store.hpp"
#include "tests/integration/daemon/listener/listener_fixture.hpp"

namespace devy::daemon {
namespace uploads_api_test {

class UploadsApiTest : public ListenerTest {
 protected:
  testing::RawAnswer trigger(const std::string& subject, const std::string& body = {},
                             const testing::RawHeaders& headers = {}) const {
    return ask("POST", "/v1/uploads/alice/notes", subject, body, headers);
  }
  std::string upload() const { return value("select operation_id from upload limit 1"); }
};

TEST_F(UploadsApiTest, RecordsAnUploadForTheOwner) {
  start();
  const auto answer = trigger("alice", R"({"reason":"a new theme"})");
  EXPECT_EQ(answer.status, 201);
  EXPECT_TRUE(answer.has("Location: /v1/uploads/" + upload()));
  EXPECT_NE(answer.body.find("\"state\": \"verified\""), std::string::npos);
  EXPECT_NE(answer.body.find("\"url\": \"/v1/uploads/" + upload() + "\""), std::string::npos);
  EXPECT_EQ(value("select concat_ws('|', source, requested_by, reason) from operation"),
            "api|alice|a new theme");
}

TEST_F(UploadsApiTest, AcceptsARequestWithoutABody) {
  start();
  testing::RawConnection client(address_);
  client.send(
      "POST /v1/uploads/alice/notes HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: "
      "Bearer " +
      token_of("alice") + "\r\n\r\n");
  EXPECT_EQ(client.answer().status, 201);
}

TEST_F(UploadsApiTest, RecordsTheRequestedCommit) {
  start();
  const std::string commit(40, 'c');
  EXPECT_EQ(trigger("alice", R"({"ref":"preview","commit":")" + commit + "\"}").status, 201);
  EXPECT_EQ(value("select ref || ' ' || requested_commit from upload"), "preview " + commit);
}

TEST_F(UploadsApiTest, RefusesEverybodyButTheOwner) {
  start();
  const auto none = trigger("");
  EXPECT_EQ(none.status, 401);
  EXPECT_TRUE(none.has("WWW-Authenticate: Bearer"));
  EXPECT_EQ(trigger("bob").status, 403);
  // Whether there is such a blog is nobody else's business.
  EXPECT_EQ(ask("POST", "/v1/uploads/alice/nothing", "bob").status, 403);
  EXPECT_EQ(ask("POST", "/v1/uploads/alice/nothing", "alice").status, 404);
  for (const auto* value : {"Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic YWxpY2U6eA=="})
    EXPECT_EQ(trigger("", "", {{"Authorization", value}}).status, 401) << value;
  const auto token = token_of("alice");
  EXPECT_EQ(trigger("", "", {{"Authorization", "Bearer " + token + "x"}}).status, 401);
  EXPECT_EQ(trigger("", "", {{"Authorization", "Bearer " + token_of("alice", -100)}}).status, 401);
  EXPECT_EQ(value("select count(*) from upload"), "0");
}

TEST_F(UploadsApiTest, RefusesADeniedTokenAtOnce) {
  start();
  const auto bearer = [&](const std::string& id) {
    return testing::RawHeaders{{"Authorization", "Bearer " + token_of("alice", 300, id)}};
  };
  const auto record = [&](const std::string& id) {
    return ask("POST", "/v1/uploads/alice/notes", "", "", bearer(id));
  };
  EXPECT_EQ(record("first").status, 201);
  auto connection = pg::Connection::open(conninfo_, config_.database, "test");
  EXPECT_TRUE(token::deny_token(connection, {"first", {}, "root@host", "leaked"}));
  EXPECT_FALSE(token::deny_token(connection, {"first", {}, "eve@host", std::nullopt}));
  const auto refused = record("first");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, "{\"error\":\"token_revoked\"}\n");
  EXPECT_TRUE(refused.has("WWW-Authenticate: Bearer"));
  EXPECT_EQ(ask("GET", "/v1/uploads/" + upload(), "", "", bearer("first")).status, 401);
  EXPECT_EQ(ask("GET", "/v1/uploads/" + upload(), "", "", bearer("second")).status, 200);
  EXPECT_EQ(record("second").status, 201);
  EXPECT_EQ(trigger("alice").status, 201);
  EXPECT_EQ(value("select concat_ws('|', jti, denied_by, reason) from token_denied"),
            "first|root@host|leaked");
  // Two days later nobody needs to know of it.
  execute("update token_denied set denied_at = now() - interval '49 hours'");
  EXPECT_TRUE(token::deny_token(connection, {"third", {}, "root@host", std::nullopt}));
  EXPECT_EQ(value("select string_agg(jti, ',') from token_denied"), "third");
}

TEST_F(UploadsApiTest, AnswersConflictForADisconnectedBlog) {
  start();
  execute("update blog set is_connected = false");
  EXPECT_EQ(trigger("alice").status, 409);
  execute("update blog set is_connected = true; update resource set is_enabled = false");
  EXPECT_EQ(trigger("alice").status, 409);
}

TEST_F(UploadsApiTest, GivesTheSameUploadForTheSameIdempotencyKey) {
  start();
  const auto first = trigger("alice", "", {{"Idempotency-Key", "k-1"}});
  const auto again = trigger("alice", "", {{"Idempotency-Key", "k-1"}});
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(value("select count(*) from upload"), "1");
  EXPECT_EQ(trigger("alice", "", {{"Idempotency-Key", "k-2"}}).status, 201);
  EXPECT_EQ(value("select count(*) from upload"), "2");
  EXPECT_EQ(trigger("alice", "", {{"Idempotency-Key", std::string(129, 'k')}}).status, 400);
  EXPECT_EQ(trigger("alice", "", {{"Idempotency-Key", "a b"}}).status, 400);
}

TEST_F(UploadsApiTest, RefusesMalformedBodies) {
  start();
  for (const auto* body : {"{", "[]", "1", R"({"commit":"main"})", R"({"ref":5})", R"({"ref":""})",
                           R"({"force":true})", R"({"reason":"\u001b[31m"})"})
    EXPECT_EQ(trigger("alice", body).status, 400) << body;
  EXPECT_EQ(trigger("alice", std::string(std::size_t{17} * 1024, ' ')).status, 413);
  EXPECT_EQ(value("select count(*) from upload"), "0");
}

TEST_F(UploadsApiTest, GivesTheOwnerTheInspectDocument) {
  start();
  EXPECT_EQ(trigger("alice").status, 201);
  const auto answer = ask("GET", "/v1/uploads/" + upload(), "alice");
  EXPECT_EQ(answer.status, 200);
  for (const auto* field : {"\"blog\": \"alice/notes\"", "\"state\": \"verified\"",
                            "\"trigger\": \"api\"", "\"changes\": null"})
    EXPECT_NE(answer.body.find(field), std::string::npos) << field;
  EXPECT_EQ(ask("GET", "/v1/uploads/" + upload(), "bob").status, 404);
  EXPECT_EQ(ask("GET", "/v1/uploads/" + upload(), "").status, 401);
  EXPECT_EQ(ask("GET", "/v1/uploads/00000000-0000-4000-8000-000000000000", "alice").status, 404);
  EXPECT_EQ(ask("GET", "/v1/uploads/" + upload().substr(0, 8), "alice").status, 404);
  // A name that another begins with is another's.
  EXPECT_EQ(ask("GET", "/v1/uploads/" + upload(), "ali").status, 404);
}

TEST_F(UploadsApiTest, LimitsTheRequestsOfAnAccount) {
  config_.api.account_requests_per_minute = 1;  // ten at once
  start();
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(trigger("alice").status, 201) << i;
  const auto refused = trigger("alice");
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.has("Retry-After: "));
  EXPECT_EQ(trigger("bob").status, 403);
}

}  // namespace uploads_api_test
}  // namespace devy::daemon
