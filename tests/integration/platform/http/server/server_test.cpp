// The server against clients that are hostile, slow, many, or gone: every trap of traps.md that a
// server of this kind falls into, by raw sockets.
#include "core/platform/http/server/server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "core/platform/base/error.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::server {
namespace server_test {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::RawConnection;
using testing::request_bytes;
using testing::send_request;

// A door that handlers wait at, for tests of what happens meanwhile.
class Door {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }
  void wait_for(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool is_open_ = false;
};

class HttpServerTest : public ::testing::Test {
 protected:
  ~HttpServerTest() override {
    door_.open();
    stop();
  }

  void start(ServerSettings settings = {}) { start(std::move(settings), "127.0.0.1:0"); }
  void start(ServerSettings settings, const std::string& address) {
    settings.name = "test";
    std::vector<base::Descriptor> sockets;
    sockets.push_back(bind_socket(address));
    address_ = address_of(sockets.front().get());
    std::vector<Route> routes;
    routes.push_back(
        {"POST", "/echo", std::uint64_t{1024} * 1024,
         [](const ReceivedRequest& request) { return text_response(200, request.body); }});
    routes.push_back({"GET", "/from", 0, [](const ReceivedRequest& request) {
                        return text_response(200, request.remote_address + "|" +
                                                      std::string(request.header("REMOTE_ADDR")) +
                                                      (request.is_local ? "|local" : ""));
                      }});
    routes.push_back({"GET", "/throw/*", 0, [](const ReceivedRequest& request) -> http::Response {
                        if (request.path_values[0] == "error")
                          throw base::Error(base::ErrorKind::conflict, "secret \r\nX: words");
                        throw std::runtime_error("secret words");
                      }});
    routes.push_back({"GET", "/wait", 0, [this](const ReceivedRequest&) {
                        door_.pass();
                        return http::Response{};
                      }});
    routes.push_back({"POST", "/wait", std::uint64_t{1024} * 1024, [this](const ReceivedRequest&) {
                        door_.pass();
                        return http::Response{};
                      }});
    server_ =
        std::make_unique<HttpServer>(std::move(settings), std::move(routes), std::move(sockets));
    thread_ = std::jthread([this](const std::stop_token& token) { server_->run(token); });
  }
  void stop() { thread_ = {}; }

  int status_of(std::string_view bytes) {
    RawConnection client(address_);
    client.send(bytes);
    return client.answer().status;
  }

  testing::TempFolder folder_;
  Door door_;
  std::string address_;
  std::unique_ptr<HttpServer> server_;
  std::jthread thread_;
};

TEST_F(HttpServerTest, GivesABodyToItsHandler) {
  start();
  const std::string body(700'000, 'x');
  const auto answer = send_request(address_, "POST", "/echo", {}, body);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, body);
  EXPECT_TRUE(answer.has("Connection: close"));
  EXPECT_EQ(send_request(address_, "POST", "/echo", {}, "").status, 200);
  EXPECT_EQ(server_->counters().requests, 2U);
}

TEST_F(HttpServerTest, ServesUnixSockets) {
  start({}, "unix:" + folder_.path() + "/socket");
  EXPECT_EQ(send_request(address_, "GET", "/from").body, "||local");
}

TEST_F(HttpServerTest, IdentifiesTheSenderByTheSocketOnly) {
  start();
  const auto answer = send_request(address_, "GET", "/from", {{"REMOTE_ADDR", "1.2.3.4"}});
  EXPECT_EQ(answer.body, "127.0.0.1|1.2.3.4");
}

TEST_F(HttpServerTest, HidesWhatAHandlerThrew) {
  start();
  const auto error = send_request(address_, "GET", "/throw/error");
  EXPECT_EQ(error.status, 409);
  EXPECT_EQ(error.body, "{\"error\":\"conflict\"}\n");
  const auto other = send_request(address_, "GET", "/throw/other");
  EXPECT_EQ(other.status, 500);
  EXPECT_EQ(other.body.find("secret"), std::string::npos);
  EXPECT_EQ((error.head + other.head).find("secret"), std::string::npos);
}

TEST_F(HttpServerTest, RefusesHostileFraming) {
  start();
  const std::string post = "POST /echo HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(status_of(post + "\r\n"), 411);
  EXPECT_EQ(status_of(post + "Content-Length: abc\r\n\r\n"), 400);
  EXPECT_EQ(status_of(post + "Content-Length: -5\r\n\r\n"), 400);
  EXPECT_EQ(status_of(post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), 400);
  EXPECT_EQ(status_of(post + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n"), 411);
  EXPECT_EQ(status_of(post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello"), 400);
  EXPECT_EQ(status_of(post + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"), 415);
  EXPECT_EQ(status_of(post + "Content-Length: 5\r\n\r\nhelloGET /from HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET /from HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"), 400);
  EXPECT_EQ(status_of("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"), 404);
  EXPECT_EQ(status_of("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n"), 405);
  EXPECT_EQ(status_of("\x16\x03\x01\x02 a TLS greeting\r\n\r\n"), 400);
  EXPECT_EQ(server_->counters().requests, 0U);
  EXPECT_EQ(server_->counters().refused, 12U);
}

TEST_F(HttpServerTest, BoundsHeads) {
  start();
  EXPECT_EQ(status_of("GET /from HTTP/1.1\r\nHost: x\r\nX: " + std::string(32UL << 20U, 'a')), 431);
  std::string many = "GET /from HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 20'000; ++i)
    many += "X: 1\r\n";
  EXPECT_EQ(status_of(many + "\r\n"), 431);
}

// The client learns it although it has not stopped sending.
TEST_F(HttpServerTest, BoundsBodies) {
  start();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: ";
  EXPECT_EQ(status_of(head + "1048577\r\n\r\n" + std::string(1048577, 'x')), 413);
  EXPECT_EQ(status_of(head + "999999999999\r\n\r\n"), 413);
}

TEST_F(HttpServerTest, AnswersNothingToABodyThatIsCutOff) {
  start();
  RawConnection client(address_);
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhello");
  client.finish();
  EXPECT_EQ(client.answer().status, 0);
  EXPECT_EQ(server_->counters().requests, 0U);
}

TEST_F(HttpServerTest, LetsAClientAskBeforeItsBody) {
  start();
  RawConnection client(address_);
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n"
      "Expect: 100-continue\r\n\r\n");
  ASSERT_TRUE(client.wait_for("100 Continue"));
  client.send("hello");
  EXPECT_EQ(client.answer().body, "hello");
}

TEST_F(HttpServerTest, EndsSlowRequestsAtOneDeadline) {
  start({.request_deadline = milliseconds(300)});
  RawConnection head(address_), body(address_), silent(address_);
  head.send("GET /from HT");
  body.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhello");
  EXPECT_EQ(head.answer(seconds(5)).status, 0);
  EXPECT_EQ(body.answer(seconds(5)).status, 0);
  EXPECT_EQ(silent.answer(seconds(5)).status, 0);
  EXPECT_EQ(server_->counters().timed_out, 3U);
}

// A pool of threads that each wait for one client would be silent now.
TEST_F(HttpServerTest, ServesBesideAHundredSlowClients) {
  start({.threads = 2});
  std::list<RawConnection> slow;
  for (int i = 0; i < 100; ++i)
    slow.emplace_back(address_).send(
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhel");
  const auto begun_at = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(send_request(address_, "POST", "/echo", {}, "hello").body, "hello");
  EXPECT_LT(std::chrono::steady_clock::now() - begun_at, devy::testing::time_factor * seconds(1));
}

TEST_F(HttpServerTest, TakesThePlaceOfASilentClient) {
  start({.connections_max = 10, .request_deadline = seconds(60)});
  std::list<RawConnection> silent;
  for (int i = 0; i < 10; ++i)
    silent.emplace_back(address_);
  // It waits in the kernel's queue until the first has been silent long enough.
  EXPECT_EQ(send_request(address_, "POST", "/echo", {}, "hello").body, "hello");
  EXPECT_EQ(silent.front().answer().status, 0);
}

TEST_F(HttpServerTest, KeepsEveryCompleteRequestOfABurst) {
  start({.threads = 1});
  RawConnection running(address_);
  running.send(request_bytes("GET", "/wait", {}, ""));
  door_.wait_for(1);
  std::list<RawConnection> waiting;
  for (int n = 0; n < 200; ++n)
    waiting.emplace_back(address_).send(request_bytes("GET", "/from", {}, ""));
  const auto until = std::chrono::steady_clock::now() + devy::testing::time_factor * seconds(20);
  while (server_->counters().in_flight < 201 && std::chrono::steady_clock::now() < until)
    EXPECT_EQ(send_request(address_, "GET", "/nowhere").status, 404);
  EXPECT_EQ(server_->counters().in_flight, 201U);
  door_.open();
  for (auto& client : waiting)
    EXPECT_EQ(client.answer().status, 200);
  EXPECT_EQ(server_->counters().overloaded, 0U);
}

// The first 64 KiB of a body need no memory of the limit.
std::string part_of_body(int announced, int sent, const char* sender = "a") {
  return "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Sender: " + std::string(sender) +
         "\r\nContent-Length: " + std::to_string(announced) + "\r\n\r\n" +
         std::string(static_cast<std::size_t>(sent), 'x');
}

TEST_F(HttpServerTest, ReservesNothingForWhatIsOnlyAnnounced) {
  start({.bodies_bytes_max = 100'000, .request_deadline = seconds(60)});
  RawConnection one(address_), another(address_);
  one.send(part_of_body(1'000'000, 1));
  another.send(part_of_body(1'000'000, 1));
  EXPECT_EQ(status_of(part_of_body(100'000, 100'000)), 200);
  // Neither of the two has given way; the answered one ends a moment after its answer.
  while (server_->counters().connections > 2U)
    std::this_thread::yield();
  EXPECT_EQ(server_->counters().connections, 2U);
}

TEST_F(HttpServerTest, EndsASlowBodyForAnother) {
  start({.bodies_bytes_max = 300'000, .request_deadline = seconds(60)});
  RawConnection slow(address_), small(address_);
  slow.send(part_of_body(300'000, 299'999));
  small.send(part_of_body(60'000, 59'999));
  EXPECT_EQ(status_of(part_of_body(300'000, 300'000)), 200);
  EXPECT_EQ(slow.answer().status, 408);
  small.send("x");
  EXPECT_EQ(small.answer().status, 200);
  EXPECT_EQ(server_->counters().timed_out, 1U);
}

TEST_F(HttpServerTest, WaitsForTheMemoryOfRequestsThatAreAnswered) {
  start({.bodies_bytes_max = 300'000, .request_deadline = seconds(60)});
  RawConnection running(address_);
  running.send(request_bytes("POST", "/wait", {}, std::string(300'000, 'x')));
  door_.wait_for(1);
  std::list<RawConnection> waiting;
  for (int n = 0; n < 5; ++n)
    waiting.emplace_back(address_).send(part_of_body(300'000, 300'000));
  EXPECT_EQ(send_request(address_, "POST", "/echo", {}, std::string(60'000, 'x')).status, 200);
  door_.open();
  EXPECT_EQ(running.answer().status, 200);
  for (auto& client : waiting)
    EXPECT_EQ(client.answer().status, 200);
  EXPECT_EQ(server_->counters().overloaded, 0U);
}

TEST_F(HttpServerTest, TellsWhatWaitedForMemoryUntilItsDeadline) {
  start({.bodies_bytes_max = 300'000, .request_deadline = milliseconds(300)});
  RawConnection running(address_);
  running.send(request_bytes("POST", "/wait", {}, std::string(300'000, 'x')));
  door_.wait_for(1);
  EXPECT_EQ(status_of(part_of_body(300'000, 300'000)), 503);
  EXPECT_EQ(server_->counters().timed_out, 0U);
  door_.open();
  EXPECT_EQ(running.answer().status, 200);
}

TEST_F(HttpServerTest, GivesEachSenderAShareOfTheMemory) {
  start({.sender_bodies_bytes_max = 300'000,
         .sender_of =
             [](const ReceivedRequest& request) { return std::string(request.header("X-Sender")); },
         .request_deadline = seconds(60)});
  RawConnection slow(address_);
  slow.send(part_of_body(300'000, 299'999));
  EXPECT_EQ(status_of(part_of_body(300'000, 300'000, "b")), 200);
  EXPECT_EQ(server_->counters().timed_out, 0U);
  EXPECT_EQ(status_of(part_of_body(300'000, 300'000)), 200);
  EXPECT_EQ(slow.answer().status, 408);
}

TEST_F(HttpServerTest, AnswersPendingRequestsWhenItIsStopped) {
  start();
  RawConnection client(address_);
  client.send(request_bytes("GET", "/wait", {}, ""));
  door_.wait_for(1);
  thread_.request_stop();
  door_.open();
  EXPECT_EQ(client.answer().status, 200);
  stop();
  EXPECT_EQ(server_->counters().connections, 0U);
}

TEST_F(HttpServerTest, SurvivesClientsThatHangUp) {
  start();
  for (int i = 0; i < 50; ++i) {
    RawConnection client(address_);
    client.send(request_bytes("POST", "/echo", {}, std::string(500'000, 'x')));
  }
  EXPECT_EQ(send_request(address_, "POST", "/echo", {}, "hello").body, "hello");
}

TEST(BindSocket, AllowsOneServerOnly) {
  const auto socket = bind_socket("127.0.0.1:0");
  const auto address = address_of(socket.get());
  try {
    static_cast<void>(bind_socket(address));
    FAIL() << "two servers on " << address;
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "address_in_use");
  }
}

TEST(BindSocket, ReplacesAUnixSocketThatNobodyListensOn) {
  const testing::TempFolder folder;
  const auto address = "unix:" + folder.path() + "/socket";
  { const auto gone = bind_socket(address); }
  const auto socket = bind_socket(address);
  EXPECT_EQ(address_of(socket.get()), address);
  EXPECT_THROW(static_cast<void>(bind_socket(address)), base::Error);
}

TEST(BindSocket, AcceptsAddressesButNoNames) {
  for (const auto* address :
       {"", "8080", ":8080", "localhost:8080", "127.0.0.1", "::1:80", "unix:"})
    EXPECT_THROW(static_cast<void>(bind_socket(address)), base::Error) << address;
  EXPECT_TRUE(address_of(bind_socket("[::1]:0").get()).starts_with("[::1]:"));
}

}  // namespace server_test
}  // namespace devy::server
