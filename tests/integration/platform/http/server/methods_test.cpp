// The methods that the server knows, and how it frames and labels its answers to them.
#include <gtest/gtest.h>

#include <thread>

#include "core/platform/http/server/server.hpp"
#include "tests/support/http/raw_http.hpp"

namespace devy::server {
namespace methods_test {

using testing::RawConnection;
using testing::send_request;

class HttpMethods : public ::testing::Test {
 protected:
  HttpMethods() {
    std::vector<base::Descriptor> sockets;
    sockets.push_back(bind_socket("127.0.0.1:0"));
    address_ = address_of(sockets.front().get());
    std::vector<Route> routes;
    for (const auto* method : {"POST", "PUT", "PATCH", "DELETE"})
      routes.push_back({method, "/echo", 10, [](const ReceivedRequest& request) {
                          return text_response(200, request.method + " " + request.body);
                        }});
    routes.push_back({"GET", "/status/*", 0, [](const ReceivedRequest& request) {
                        auto response =
                            text_response(std::stoi(request.path_values[0]), "a body of 18 bytes");
                        response.headers.emplace_back("ETag", "\"1\"");
                        response.headers.emplace_back("Cache-Control", "max-age=30");
                        return response;
                      }});
    routes.push_back({"GET", "/broken", 0, [](const ReceivedRequest&) {
                        auto response = text_response(200, "secret words");
                        response.headers.emplace_back("X-Name", "a\r\nSet-Cookie: b=c");
                        return response;
                      }});
    ServerSettings settings;
    settings.name = "test";
    server_ =
        std::make_unique<HttpServer>(std::move(settings), std::move(routes), std::move(sockets));
    thread_ = std::jthread([this](const std::stop_token& token) { server_->run(token); });
  }

  int status_of(std::string_view bytes) {
    RawConnection client(address_);
    client.send(bytes);
    return client.answer().status;
  }

  std::string address_;
  std::unique_ptr<HttpServer> server_;
  std::jthread thread_;
};

TEST_F(HttpMethods, ServesTheMethodsOfItsRoutes) {
  for (const std::string method : {"PUT", "PATCH", "DELETE"})
    EXPECT_EQ(send_request(address_, method, "/echo", {}, "words").body, method + " words");
  EXPECT_EQ(status_of("DELETE /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 200);
  EXPECT_EQ(status_of("PUT /echo HTTP/1.1\r\nHost: x\r\n\r\n"), 411);
  EXPECT_EQ(status_of("PATCH /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n"), 413);
}

TEST_F(HttpMethods, AnswersHeadWithTheHeadersOfGet) {
  RawConnection client(address_);
  client.send("HEAD /status/200 HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(client.wait_for("\r\n\r\n"));
  client.send("HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
  // A body after the first head would stand before the second one.
  const auto answers = client.answer();
  EXPECT_TRUE(answers.has("Content-Length: 18\r\n")) << answers.head;
  EXPECT_TRUE(answers.body.starts_with("HTTP/1.1 404 ")) << answers.body;
  EXPECT_TRUE(answers.body.ends_with("\r\n\r\n")) << answers.body;
}

TEST_F(HttpMethods, TellsTheMethodsOfAPath) {
  RawConnection client(address_);
  for (int i = 0; i < 2; ++i) {
    client.send("OPTIONS /echo HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(client.wait_for("Allow: DELETE, OPTIONS, PATCH, POST, PUT\r\n"));
  }
  const auto refusal = send_request(address_, "GET", "/echo");
  EXPECT_EQ(refusal.status, 405);
  EXPECT_TRUE(refusal.has("Allow: DELETE, OPTIONS, PATCH, POST, PUT\r\n")) << refusal.head;
  EXPECT_EQ(status_of("OPTIONS /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"), 400);
}

TEST_F(HttpMethods, FramesAnswersWithoutABody) {
  for (const std::string status : {"204", "304"}) {
    const auto answer = send_request(address_, "GET", "/status/" + status);
    EXPECT_TRUE(answer.has("HTTP/1.1 " + status + " No")) << answer.head;
    EXPECT_FALSE(answer.has("\nContent-Length")) << answer.head;
    EXPECT_FALSE(answer.has("\nContent-Type")) << answer.head;
    EXPECT_TRUE(answer.has("ETag: \"1\"")) << answer.head;
    EXPECT_EQ(answer.body, "");
  }
  for (const auto* line : {"303 See Other", "301 Moved Permanently", "410 Gone"}) {
    const auto answer = send_request(address_, "GET", "/status/" + std::string(line, 3));
    EXPECT_TRUE(answer.has(std::string("HTTP/1.1 ") + line + "\r\n")) << answer.head;
    EXPECT_EQ(answer.body, "a body of 18 bytes");
  }
}

TEST_F(HttpMethods, LetsAHandlerDecideCaching) {
  const auto cached = send_request(address_, "GET", "/status/200");
  EXPECT_TRUE(cached.has("Cache-Control: max-age=30")) << cached.head;
  EXPECT_FALSE(cached.has("no-store")) << cached.head;
  EXPECT_TRUE(send_request(address_, "PUT", "/echo", {}, "").has("Cache-Control: no-store"));
}

TEST_F(HttpMethods, SendsNoHeaderThatWouldBeginAnother) {
  const auto answer = send_request(address_, "GET", "/broken");
  EXPECT_EQ(answer.status, 500);
  EXPECT_FALSE(answer.has("Set-Cookie")) << answer.head;
  EXPECT_EQ(answer.body, "{\"error\":\"internal\"}\n");
}

}  // namespace methods_test
}  // namespace devy::server
