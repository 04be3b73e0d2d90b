// Heads that two readers could understand differently, and the limits.
#include "core/platform/http/server/head.hpp"

#include <gtest/gtest.h>

namespace devy::server {
namespace head_test {

std::variant<Head, Refusal> parse(const std::string& lines) {
  return parse_head(lines + "\r\n");
}
Head head(const std::string& lines) {
  return std::get<Head>(parse(lines));
}
int status(const std::string& lines) {
  const auto parsed = parse(lines);
  const auto* refusal = std::get_if<Refusal>(&parsed);
  return refusal == nullptr ? 200 : refusal->status;
}
const std::string begin = "POST /v1/webhooks HTTP/1.1\r\nHost: x\r\n";

TEST(HttpHead, ReadsARequest) {
  const auto read =
      head("POST /v1/a?b=c&d HTTP/1.1\r\nHost: x\r\nContent-length:  12 \r\nX-A:\tb c\r\n");
  EXPECT_EQ(read.method, "POST");
  EXPECT_EQ(read.path, "/v1/a");
  EXPECT_EQ(read.query, "b=c&d");
  EXPECT_EQ(read.content_length, 12U);
  EXPECT_FALSE(read.expects_continue);
  EXPECT_EQ(read.headers.at(2), std::make_pair(std::string("X-A"), std::string("b c")));
  EXPECT_TRUE(head(begin + "Expect: 100-Continue\r\n").expects_continue);
  EXPECT_EQ(head("GET / HTTP/1.0\r\n").content_length, std::nullopt);
}

TEST(HttpHead, KeepsValuesAsTheyWereSent) {
  EXPECT_EQ(head(begin + "X: %0d%0aY: z\r\n").headers.at(1).second, "%0d%0aY: z");
  EXPECT_EQ(head("GET /%2e%2e/a HTTP/1.0\r\n").path, "/%2e%2e/a");
}

TEST(HttpHead, WantsOnePlainContentLength) {
  for (const auto* length :
       {"abc", "", "-1", "+1", "0x10", "1 2", "1,1", "1;q", "9999999999999", "1.0", "\xd9\xa1"})
    EXPECT_EQ(status(begin + "Content-Length: " + length + "\r\n"), 400) << length;
  EXPECT_EQ(status(begin + "Content-Length: 1\r\nContent-Length: 1\r\n"), 400);
  EXPECT_EQ(status(begin + "Content-Length: 1\r\ncontent-length: 2\r\n"), 400);
  EXPECT_EQ(status(begin + "Content-Length : 1\r\n"), 400);
  EXPECT_EQ(status(begin + "Content-Length: 999999999999\r\n"), 200);
}

TEST(HttpHead, RefusesBodiesInAnyOtherForm) {
  EXPECT_EQ(status(begin + "Transfer-Encoding: chunked\r\n"), 411);
  EXPECT_EQ(status(begin + "Transfer-Encoding: identity\r\n"), 411);
  EXPECT_EQ(status(begin + "transfer-encoding: chunked\r\nContent-Length: 5\r\n"), 400);
  EXPECT_EQ(status(begin + "Content-Encoding: gzip\r\n"), 415);
  EXPECT_EQ(status(begin + "Content-Encoding: identity\r\n"), 200);
  EXPECT_EQ(status(begin + "Expect: something\r\n"), 417);
}

TEST(HttpHead, RefusesMalformedLines) {
  EXPECT_EQ(status(begin + " folded: x\r\n"), 400);
  EXPECT_EQ(status(begin + "X: a\r\n b\r\n"), 400);
  EXPECT_EQ(status(begin + "no colon\r\n"), 400);
  EXPECT_EQ(status(begin + ": no name\r\n"), 400);
  EXPECT_EQ(status(begin + "X Y: a\r\n"), 400);
  EXPECT_EQ(status(begin + "X: a\nY: b\r\n"), 400);
  EXPECT_EQ(status(begin + "X: a\rY: b\r\n"), 400);
  EXPECT_EQ(status(begin + "X: a\x01\r\n"), 400);
  EXPECT_EQ(status(begin + std::string("X: a\0b\r\n", 8)), 400);
  EXPECT_EQ(status("\r\n" + begin), 400);
}

TEST(HttpHead, RefusesOtherRequestLines) {
  EXPECT_EQ(status(""), 400);
  EXPECT_EQ(status("GET /\r\n"), 400);
  EXPECT_EQ(status("GET  HTTP/1.1\r\n"), 400);
  EXPECT_EQ(status("GET / HTTP/1.1 \r\n"), 400);
  EXPECT_EQ(status("GET /a b HTTP/1.1\r\n"), 400);
  EXPECT_EQ(status("GET http://x/ HTTP/1.1\r\n"), 400);
  EXPECT_EQ(status("GET /a#b HTTP/1.1\r\n"), 400);
  EXPECT_EQ(status("GET /\xc3\xa4 HTTP/1.1\r\n"), 400);
  EXPECT_EQ(status("G@T / HTTP/1.1\r\n"), 400);
  EXPECT_EQ(status("PRI * HTTP/2.0\r\n"), 505);
  EXPECT_EQ(status("GET / HTTP/1.1\r\n"), 400) << "Host is missing";
  EXPECT_EQ(status("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n"), 400);
  EXPECT_EQ(status("GET /" + std::string(target_bytes_max, 'a') + " HTTP/1.0\r\n"), 414);
}

TEST(HttpHead, BoundsTheNumberOfHeaders) {
  std::string many = begin;
  for (std::size_t i = 1; i < headers_max; ++i)
    many += "X: 1\r\n";
  EXPECT_EQ(status(many), 200);
  EXPECT_EQ(status(many + "X: 1\r\n"), 431);
}

TEST(HttpHead, EndsWithAnEmptyLineHoweverItComes) {
  const std::string bytes = begin + "\r\nbody";
  std::size_t seen = 0;
  for (std::size_t i = 0; i < bytes.size() - 4; ++i) {
    EXPECT_EQ(find_head_end(bytes.substr(0, i), seen), std::nullopt) << i;
    seen = i;
  }
  EXPECT_EQ(find_head_end(bytes, seen), bytes.size() - 4);
}

TEST(HttpMessage, GivesAHeaderThatComesOnce) {
  ReceivedRequest request;
  request.headers = {{"X-One", "1"}, {"X-Two", "2"}, {"x-two", "2"}};
  EXPECT_EQ(request.header("x-one"), "1");
  EXPECT_EQ(request.header("X-Two"), "");
  EXPECT_EQ(request.header("X-Three"), "");
}

}  // namespace head_test
}  // namespace devy::server
