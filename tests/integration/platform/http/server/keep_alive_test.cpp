// Several requests over one connection: who may, for how long, and who gives way to whom.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <list>
#include <memory>
#include <thread>

#include "core/platform/http/server/server.hpp"
#include "tests/support/git/git_http_stream.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::server {
namespace keep_alive_test {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::RawConnection;

std::string request(const std::string& target, const std::string& body = "",
                    const std::string& headers = "") {
  return "POST " + target + " HTTP/1.1\r\nHost: x\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class KeepAlive : public ::testing::Test {
 protected:
  void start(ServerSettings settings = {}) {
    settings.name = "test";
    std::vector<base::Descriptor> sockets;
    sockets.push_back(bind_socket("127.0.0.1:0"));
    address_ = address_of(sockets.front().get());
    const auto echo = [](const ReceivedRequest& request) {
      return text_response(200, request.remote_address + "|" + request.body);
    };
    const auto refuse = [](const ReceivedRequest&) { return text_response(403, "no"); };
    server_ = std::make_unique<HttpServer>(
        std::move(settings),
        std::vector<Route>{{"POST", "/echo", 1024UL * 1024, echo}, {"POST", "/no", 10, refuse}},
        std::move(sockets));
    thread_ = std::jthread([this](const std::stop_token& token) { server_->run(token); });
  }
  // One request and its answer, after which the connection is still there.
  void expect_echo(RawConnection& client, const std::string& body) {
    client.send(request("/echo", body));
    const auto answer = client.next_answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "127.0.0.1|" + body);
    EXPECT_FALSE(answer.has("Connection: close"));
  }
  // The server has closed, and has sent nothing more.
  static void expect_closed(RawConnection& client) { EXPECT_EQ(client.answer().status, 0); }

  std::string address_;
  std::unique_ptr<HttpServer> server_;
  std::jthread thread_;
};

TEST_F(KeepAlive, ServesOneRequestAfterTheOther) {
  start();
  RawConnection client(address_);
  for (const int bytes : {0, 5, 700'000, 1})
    expect_echo(client, std::string(static_cast<std::size_t>(bytes), 'x'));
  EXPECT_EQ(server_->counters().requests, 4U);
  EXPECT_EQ(server_->counters().connections, 1U);
}

// curl is the client; it tells how many connections each request took.
TEST_F(KeepAlive, WorksOverTlsToo) {
  const testing::TempFolder folder;
  const auto identity = testing::make_tls_identity(folder.path());
  ::chmod(identity.key_file.c_str(), 0600);
  start({.tls = TlsSettings{identity.certificate_file, identity.key_file, ""}});
  const auto url = "https://localhost:" + address_.substr(address_.rfind(':') + 1) + "/echo ";
  const auto command =
      "curl -s -o /dev/null -o /dev/null -o /dev/null -w '%{http_code} "
      "%{num_connects}, ' --data hello --cacert " +
      identity.certificate_file + " " + url + url + url;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "re"), ::pclose);
  std::array<char, 100> said{};
  static_cast<void>(std::fread(said.data(), 1, said.size() - 1, pipe.get()));
  EXPECT_STREQ(said.data(), "200 1, 200 0, 200 0, ");
}

TEST_F(KeepAlive, EndsWhenTheClientAsks) {
  start();
  for (const std::string last : {"Connection: close\r\n", "connection: TE, Close\r\n"}) {
    RawConnection client(address_);
    expect_echo(client, "first");
    client.send(request("/echo", "last", last));
    const auto answer = client.next_answer();
    EXPECT_EQ(answer.body, "127.0.0.1|last");
    EXPECT_TRUE(answer.has("Connection: close"));
    expect_closed(client);
  }
  RawConnection old(address_);
  old.send("POST /echo HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_TRUE(old.answer().has("Connection: close"));
}

// Whoever was refused begins anew: nothing of what it may have sent besides is read as a request.
TEST_F(KeepAlive, EndsWithARefusal) {
  start();
  for (const auto& refused : {request("/no"), request("/nothing"),
                              request("/echo", "x", "Transfer-Encoding: chunked\r\n"),
                              request("/no", std::string(11, 'x'))}) {
    RawConnection client(address_);
    expect_echo(client, "first");
    client.send(refused);
    const auto answer = client.next_answer();
    EXPECT_GE(answer.status, 400);
    EXPECT_TRUE(answer.has("Connection: close"));
    client.finish();
    expect_closed(client);
  }
}

TEST_F(KeepAlive, RefusesARequestInsideAnother) {
  start();
  RawConnection client(address_);
  expect_echo(client, "first");
  client.send(request("/echo", "second") + request("/echo", "smuggled"));
  client.finish();
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body.find("smuggled"), std::string::npos);
  EXPECT_EQ(server_->counters().requests, 1U);
}

TEST_F(KeepAlive, EndsAfterTheMaximumOfRequests) {
  start({.connection_requests_max = 3});
  RawConnection client(address_);
  expect_echo(client, "1");
  expect_echo(client, "2");
  client.send(request("/echo", "3"));
  EXPECT_TRUE(client.next_answer().has("Connection: close"));
  expect_closed(client);
}

TEST_F(KeepAlive, EndsWhenIdle) {
  start({.idle_timeout = milliseconds(200)});
  RawConnection client(address_);
  expect_echo(client, "first");
  expect_closed(client);
  EXPECT_EQ(server_->counters().timed_out, 0U);
}

// The deadline of a request runs from its own first byte.
TEST_F(KeepAlive, GivesEachRequestItsOwnDeadline) {
  start({.request_deadline = milliseconds(300), .idle_timeout = seconds(60)});
  RawConnection client(address_);
  expect_echo(client, "first");
  // Accepted later, and over its time: then the other's would be over too, if it ran on.
  RawConnection later(address_);
  later.send("POST /echo HT");
  expect_closed(later);
  expect_echo(client, "second");
  client.send("POST /echo HT");
  expect_closed(client);
  EXPECT_EQ(server_->counters().timed_out, 2U);
}

TEST_F(KeepAlive, GivesItsPlaceToANewClient) {
  start({.connections_max = 10});
  std::list<RawConnection> idle;
  for (int i = 0; i < 9; ++i)
    expect_echo(idle.emplace_back(address_), "hello");
  for (int i = 0; i < 5; ++i) {
    RawConnection client(address_);
    client.send(request("/echo", "new", "Connection: close\r\n"));
    EXPECT_EQ(client.answer().body, "127.0.0.1|new");
  }
  EXPECT_EQ(server_->counters().timed_out, 0U);
}

TEST_F(KeepAlive, EndsWhileEveryPlaceIsTaken) {
  start({.connections_max = 1});
  RawConnection client(address_);
  client.send(request("/echo", "hello"));
  EXPECT_TRUE(client.next_answer().has("Connection: close"));
  expect_closed(client);
}

TEST_F(KeepAlive, DelaysNoStop) {
  start();
  RawConnection idle(address_), busy(address_);
  expect_echo(idle, "first");
  expect_echo(busy, "first");
  busy.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(busy.wait_for("100 Continue"));
  const auto begun_at = std::chrono::steady_clock::now();
  thread_.request_stop();
  expect_closed(idle);
  busy.send("hello");
  const auto answer = busy.answer();
  EXPECT_EQ(answer.body, "127.0.0.1|hello");
  EXPECT_TRUE(answer.has("Connection: close"));
  thread_ = {};
  EXPECT_LT(std::chrono::steady_clock::now() - begun_at, devy::testing::time_factor * seconds(5));
  EXPECT_EQ(server_->counters().connections, 0U);
}

}  // namespace keep_alive_test
}  // namespace devy::server
