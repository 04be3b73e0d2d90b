// The real transport against a server that misbehaves.
#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "tests/support/git/git_http_server.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::http {
namespace transport_test {

using std::chrono::milliseconds;

class HttpTransport : public ::testing::Test {
 protected:
  HttpTransport() : server_(folder_.path()) {}

  Response get(const std::string& url, const TransportOptions& options = {}) {
    return make_httplib_transport(options)->send({.url = url, .headers = {}, .body = {}});
  }
  std::string code_of(const std::string& url, const TransportOptions& options = {}) {
    try {
      static_cast<void>(get(url, options));
    } catch (const base::Error& error) {
      return error.code();
    }
    return "none";
  }

  testing::TempFolder folder_;
  testing::GitHttpServer server_;
};

TEST_F(HttpTransport, GivesStatusHeadersAndBody) {
  server_.misbehave([](testing::Faults& faults) {
    faults.status = 404;
    faults.extra_header = "X-Answer: forty-two";
  });
  const auto response = get(server_.url("a?b=c"));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.header("x-answer"), "forty-two");
  EXPECT_EQ(response.header("X-None"), "");
  EXPECT_EQ(response.body, "status 404\n");
}

TEST_F(HttpTransport, FollowsNothing) {
  server_.misbehave([&](testing::Faults& faults) {
    faults.redirects = {{"/a", server_.url("b")}};
  });
  const auto response = get(server_.url("a/x"));
  EXPECT_EQ(response.status, 301);
  EXPECT_EQ(response.header("location"), server_.url("b/x"));
  EXPECT_EQ(server_.counters().requests, 1U);
}

TEST_F(HttpTransport, GivesEachFailureItsOwnError) {
  EXPECT_EQ(code_of("http://127.0.0.1:1/"), "connect_failed");
  EXPECT_EQ(code_of("ftp://127.0.0.1/"), "url_not_allowed");
  EXPECT_EQ(code_of("http://user@127.0.0.1/"), "url_not_allowed");
  server_.misbehave([](testing::Faults& faults) { faults.closes = true; });
  EXPECT_EQ(code_of(server_.url("a")), "connection_broken");
  server_.misbehave([](testing::Faults& faults) {
    faults.closes = false;
    faults.is_silent = true;
  });
  EXPECT_EQ(code_of(server_.url("a"), {.read_timeout = milliseconds(200)}), "timed_out");
}

TEST_F(HttpTransport, BoundsTheBody) {
  server_.misbehave([](testing::Faults& faults) { faults.status = 200; });
  EXPECT_EQ(code_of(server_.url("a"), {.body_bytes_max = 10}), "response_too_large");
  EXPECT_EQ(code_of(server_.url("a"), {.body_bytes_max = 11}), "none");
}

TEST_F(HttpTransport, VerifiesCertificates) {
  const auto identity = testing::make_tls_identity(folder_.path());
  testing::GitHttpServer secure(folder_.path(), {.tls = identity});
  secure.misbehave([](testing::Faults& faults) { faults.status = 200; });
  EXPECT_EQ(code_of(secure.url("a")), "tls_verify");
  EXPECT_EQ(code_of(secure.url("a"), {.ca_file = identity.certificate_file}), "none");
}

}  // namespace transport_test
}  // namespace devy::http
