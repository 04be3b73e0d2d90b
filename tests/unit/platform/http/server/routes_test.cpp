#include "core/platform/http/server/routes.hpp"

#include <gtest/gtest.h>

namespace devy::server {
namespace routes_test {

class HttpRoutes : public ::testing::Test {
 protected:
  HttpRoutes() {
    routes_.push_back({"POST", "/v1/webhooks", 10, {}});
    routes_.push_back({"POST", "/v1/uploads/*/*", 10, {}});
    routes_.push_back({"GET", "/v1/uploads/*", 0, {}});
    routes_.push_back({"DELETE", "/v1/uploads/*", 10, {}});
    routes_.push_back({"HEAD", "/files/*", 0, {}});
    routes_.push_back({"GET", "/files/*", 0, {}});
    routes_.push_back({"OPTIONS", "/files/*", 0, {}});
  }

  // "1 alice notes", or the status.
  std::string found(std::string_view method, std::string_view path) {
    const auto result = find_route(routes_, method, path);
    if (const auto* refusal = std::get_if<Refusal>(&result))
      return std::to_string(refusal->status) + (refusal->allow.empty() ? "" : " ") + refusal->allow;
    if (const auto* options = std::get_if<Options>(&result)) return "options " + options->allow;
    const auto& match = std::get<Match>(result);
    std::string text = std::to_string(match.route - routes_.data());
    for (const auto& value : match.values)
      text += " " + value;
    return text;
  }
  int status_of(std::size_t route, std::optional<std::uint64_t> length) {
    Head head;
    head.content_length = length;
    const auto refusal = check_body(routes_.at(route), head);
    return refusal ? refusal->status : 200;
  }

  std::vector<Route> routes_;
};

TEST_F(HttpRoutes, MatchesAPathPartByPart) {
  EXPECT_EQ(found("POST", "/v1/webhooks"), "0");
  EXPECT_EQ(found("POST", "/v1/uploads/alice/notes"), "1 alice notes");
  EXPECT_EQ(found("GET", "/v1/uploads/42"), "2 42");
}

TEST_F(HttpRoutes, MatchesLiterally) {
  for (const auto* path :
       {"/", "/v1", "/v1/webhooks/", "/v1/webhooks/x", "/v1//webhooks", "/V1/webhooks",
        "/v1/uploads/", "/v1/uploads/a/b/c", "/v1/webhook*", "/v1/%77ebhooks"})
    EXPECT_EQ(found("POST", path), "404") << path;
  EXPECT_EQ(found("GET", "/v1/webhooks"), "405 OPTIONS, POST");
  EXPECT_EQ(found("HEAD", "/v1/webhooks"), "405 OPTIONS, POST");
  EXPECT_EQ(found("PUT", "/v1/uploads/42"), "405 DELETE, GET, HEAD, OPTIONS");
}

TEST_F(HttpRoutes, LetsTheRouteOfGetServeHead) {
  EXPECT_EQ(found("HEAD", "/v1/uploads/42"), "2 42");
  EXPECT_EQ(found("HEAD", "/files/a"), "4 a");
}

TEST_F(HttpRoutes, TellsTheMethodsOfAPath) {
  EXPECT_EQ(found("OPTIONS", "/v1/uploads/42"), "options DELETE, GET, HEAD, OPTIONS");
  EXPECT_EQ(found("OPTIONS", "/files/a"), "6 a");
  EXPECT_EQ(found("OPTIONS", "/nothing"), "404");
}

TEST_F(HttpRoutes, ChecksABodyByItsLength) {
  EXPECT_EQ(status_of(0, std::nullopt), 411);
  EXPECT_EQ(status_of(0, 0), 200);
  EXPECT_EQ(status_of(0, 10), 200);
  EXPECT_EQ(status_of(0, 11), 413);
  EXPECT_EQ(status_of(2, std::nullopt), 200);
  EXPECT_EQ(status_of(2, 0), 200);
  EXPECT_EQ(status_of(2, 1), 400);
  EXPECT_EQ(status_of(3, std::nullopt), 200);
  EXPECT_EQ(status_of(3, 11), 413);
  EXPECT_EQ(status_of(4, 1), 400);
  EXPECT_EQ(status_of(6, 1), 400);
}

}  // namespace routes_test
}  // namespace devy::server
