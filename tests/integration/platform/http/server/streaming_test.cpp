// Bodies that routes take as they come, and answers from files, over real sockets.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <condition_variable>
#include <filesystem>
#include <thread>

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/server.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::server {
namespace streaming_test {

using testing::RawConnection;
using testing::send_request;

constexpr std::size_t slice_bytes = 1000;

// All that sinks were told, and a gate at which they wait.
class Ledger {
 public:
  void note(const std::string& text) {
    const std::lock_guard lock(mutex_);
    text_ += text + "\n";
    changed_.notify_all();
  }
  void take(std::string_view slice) {
    std::unique_lock lock(mutex_);
    bytes_ += slice.size();
    longest_ = std::max(longest_, slice.size());
    last_ = slice.empty() ? last_ : slice.back();
    changed_.notify_all();
    changed_.wait(lock, [&] { return is_open_; });
  }
  void open_gate(bool is_open) {
    const std::lock_guard lock(mutex_);
    is_open_ = is_open;
    changed_.notify_all();
  }
  bool wait(const std::function<bool()>& is_so) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), is_so);
  }
  bool wait_for(const std::string& text) {
    return wait([&] { return text_.find(text) != std::string::npos; });
  }
  bool wait_for_bytes(std::size_t bytes) {
    return wait([&] { return bytes_ >= bytes; });
  }
  std::string text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  std::size_t bytes() {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }
  std::size_t longest() {
    const std::lock_guard lock(mutex_);
    return longest_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  std::size_t bytes_ = 0, longest_ = 0;
  char last_ = 0;
  bool is_open_ = true;
};

class Sink : public BodySink {
 public:
  Sink(Ledger& ledger, std::string refuse_at) : ledger_(ledger), refuse_at_(std::move(refuse_at)) {}
  std::optional<http::Response> take(std::string_view slice) override {
    ledger_.take(slice);
    if (refuse_at_ == "throw") throw base::Error(base::ErrorKind::rejected, "unable to take it");
    if (refuse_at_ == "take") return text_response(507, "full");
    return std::nullopt;
  }
  http::Response finish() override {
    ledger_.note("finished");
    return text_response(201, std::to_string(ledger_.bytes()));
  }
  void broken(std::string_view reason) noexcept override {
    ledger_.note("broken: " + std::string(reason));
  }

 private:
  Ledger& ledger_;
  const std::string refuse_at_;
};

class Streaming : public ::testing::Test {
 protected:
  Streaming() {
    settings_.name = "test";
    settings_.streams.slice_bytes = slice_bytes;
    settings_.head_bytes_max = slice_bytes;  // what comes with a head is no slice of its own
  }
  ~Streaming() override {
    ledger_.open_gate(true);
    if (thread_.joinable()) {
      thread_.request_stop();
      thread_.join();
    }
  }

  void serve() {
    std::vector<base::Descriptor> sockets;
    sockets.push_back(bind_socket("127.0.0.1:0"));
    address_ = address_of(sockets.front().get());
    Route put{"PUT", "/take/*", 100'000'000, {}};
    put.open = [this](const std::shared_ptr<const ReceivedRequest>& request, const Opened& opened) {
      const auto& act = request->path_values.at(0);
      if (act == "fault") throw base::Error(base::ErrorKind::denied, "unable to allow it");
      if (act == "refuse") opened(text_response(403, "not you"));
      else opened(std::make_shared<Sink>(ledger_, act));
    };
    Route get{"GET", "/file", 0, [this](const ReceivedRequest& request) {
                http::Response response;
                response.headers = {{"Content-Type", "application/octet-stream"}};
                auto file = std::make_shared<base::Descriptor>(
                    ::open((folder_.path() + "/file").c_str(), O_RDONLY | O_CLOEXEC));
                response.file = {file, 10, std::stoull(request.query)};
                return response;
              }};
    server_ =
        std::make_unique<HttpServer>(settings_, std::vector<Route>{put, get}, std::move(sockets));
    thread_ = std::jthread([this](const std::stop_token& token) { server_->run(token); });
  }

  static std::string head(const std::string& act, std::size_t length, const char* more = "") {
    return "PUT /take/" + act +
           " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length) + "\r\n" + more +
           "\r\n";
  }

  testing::TempFolder folder_;
  ServerSettings settings_;
  Ledger ledger_;
  std::string address_;
  std::unique_ptr<HttpServer> server_;
  std::jthread thread_;
};

TEST_F(Streaming, GivesTheBodyInSlices) {
  serve();
  RawConnection client(address_);
  for (const auto length : std::vector<std::size_t>{0, 1, 999, 1000, 1001, 123456}) {
    const auto before = ledger_.bytes();
    client.send(head("all", length) + std::string(length, 'x'));
    const auto answer = client.next_answer();
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.body, std::to_string(before + length));
  }
  EXPECT_EQ(ledger_.longest(), slice_bytes);
  EXPECT_EQ(server_->counters().streams, 0U);
}

// Sends as much as the server and the kernel's buffers take; returns how much that was.
std::size_t send_until_nobody_reads(int socket, std::size_t bytes) {
  const std::string piece(100'000, 'x');
  std::size_t sent = 0;
  while (sent < bytes) {
    pollfd ready{socket, POLLOUT, 0};
    constexpr int patience_ms = 300;
    if (::poll(&ready, 1, patience_ms) == 0) break;
    const auto count =
        ::send(socket, piece.data(), std::min(piece.size(), bytes - sent), MSG_DONTWAIT);
    if (count > 0) sent += static_cast<std::size_t>(count);
  }
  return sent;
}

TEST_F(Streaming, ReadsNoFurtherThanASlowSink) {
  settings_.streams.slice_bytes = 100 * slice_bytes;
  serve();
  ledger_.open_gate(false);
  RawConnection client(address_);
  const std::size_t length = 90'000'000;  // more than buffers hold
  client.send(head("all", length));
  const auto sent = send_until_nobody_reads(client.socket(), length);
  EXPECT_LT(sent, length);
  EXPECT_EQ(ledger_.bytes(), settings_.streams.slice_bytes);
  EXPECT_EQ(server_->counters().streams, 1U);
  ledger_.open_gate(true);
  client.send(std::string(length - sent, 'x'));
  EXPECT_EQ(client.next_answer().body, std::to_string(length));
}

TEST_F(Streaming, RefusesBeforeTheBodyAndHearsItOut) {
  serve();
  for (const auto* act : {"refuse", "fault"}) {
    RawConnection client(address_);
    client.send(head(act, 5'000'000));
    client.send(std::string(300'000, 'x'));
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, 403) << act;
    EXPECT_TRUE(answer.has("Connection: close\r\n"));
    EXPECT_FALSE(answer.is_reset);
  }
  EXPECT_EQ(ledger_.bytes(), 0U);
  EXPECT_EQ(server_->counters().streams, 0U);
}

TEST_F(Streaming, TellsToGoOnOnlyWhenTheBodyIsWanted) {
  serve();
  RawConnection refused(address_);
  refused.send(head("refuse", 10, "Expect: 100-continue\r\n"));
  EXPECT_EQ(refused.answer().head.find("100 Continue"), std::string::npos);
  RawConnection wanted(address_);
  wanted.send(head("all", 10, "Expect: 100-continue\r\n"));
  ASSERT_TRUE(wanted.wait_for("HTTP/1.1 100 Continue\r\n\r\n"));
  wanted.send("0123456789");
  ASSERT_TRUE(wanted.wait_for("HTTP/1.1 201 Created\r\n"));
}

TEST_F(Streaming, EndsAtASinkThatRefuses) {
  serve();
  for (const auto& [act, status] : {std::pair("take", 507), std::pair("throw", 422)}) {
    RawConnection client(address_);
    client.send(head(act, 5'000'000));
    client.send(std::string(20'000, 'x'));
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, status) << act;
    EXPECT_FALSE(answer.is_reset);
  }
  EXPECT_EQ(ledger_.text(), "");
}

TEST_F(Streaming, TellsTheSinkOfALostConnection) {
  serve();
  {
    RawConnection client(address_);
    client.send(head("all", 5000) + std::string(1500, 'x'));
    ASSERT_TRUE(ledger_.wait_for_bytes(slice_bytes));
  }
  ASSERT_TRUE(ledger_.wait_for("broken: connection_lost\n"));
  // What came is not lost, though it fills no slice.
  EXPECT_EQ(ledger_.bytes(), 1500U);
}

TEST_F(Streaming, EndsABodyOfWhichNothingComes) {
  settings_.streams.stall = std::chrono::milliseconds(100);
  serve();
  RawConnection client(address_);
  client.send(head("all", 5000) + std::string(1500, 'x'));
  EXPECT_EQ(client.answer().status, 0);
  ASSERT_TRUE(ledger_.wait_for("broken: connection_lost\n"));
  EXPECT_EQ(server_->counters().timed_out, 1U);
}

TEST_F(Streaming, TakesOnlySoManyBodiesAtOnce) {
  settings_.streams.streams_max = 1;
  serve();
  RawConnection first(address_);
  first.send(head("all", 5000) + std::string(1500, 'x'));
  ASSERT_TRUE(ledger_.wait_for_bytes(slice_bytes));
  EXPECT_EQ(send_request(address_, "PUT", "/take/all", {}, "x").status, 503);
  first.send(std::string(3500, 'x'));
  EXPECT_EQ(first.next_answer().status, 201);
  EXPECT_EQ(send_request(address_, "PUT", "/take/all", {}, "x").status, 201);
}

TEST_F(Streaming, StoresWhatCameAndAnswersWhenTheServerStops) {
  serve();
  RawConnection client(address_);
  client.send(head("all", 5000) + std::string(1500, 'x'));
  ASSERT_TRUE(ledger_.wait_for_bytes(slice_bytes));
  thread_.request_stop();
  EXPECT_EQ(client.answer().status, 503);
  thread_.join();
  EXPECT_EQ(ledger_.text(), "broken: stopped\n");
  EXPECT_EQ(ledger_.bytes(), 1500U);
}

TEST_F(Streaming, GivesASlowBodysPlaceAway) {
  settings_.connections_max = 1;
  settings_.streams.slow_after = std::chrono::milliseconds(0);
  settings_.streams.slow_bytes_per_second = 1'000'000'000;
  serve();
  RawConnection slow(address_);
  slow.send(head("all", 5000) + std::string(1500, 'x'));
  ASSERT_TRUE(ledger_.wait_for_bytes(slice_bytes));
  // It is let in as soon as the other one counts as slow: after a second.
  RawConnection other(address_);
  other.send(head("all", 3) + "abc");
  EXPECT_EQ(slow.answer().status, 0);
  EXPECT_EQ(other.next_answer().status, 201);
}

TEST_F(Streaming, AnswersWithAPartOfAFile) {
  std::string content;
  for (int i = 0; i < 100'000; ++i)
    content += std::to_string(i % 10);
  testing::write_text(folder_.path() + "/file", content);
  serve();
  RawConnection client(address_);
  for (const auto length : std::vector<std::size_t>{0, 1, 1000, 99990}) {
    client.send("GET /file?" + std::to_string(length) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = client.next_answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, content.substr(10, length));
  }
  client.send("HEAD /file?500 HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(client.wait_for("Content-Length: 500\r\n"));
}

TEST_F(Streaming, CutsAFileWhenTheServerStops) {
  testing::write_text(folder_.path() + "/file", "x");
  const std::uint64_t length = 500'000'000'000;  // of holes
  std::filesystem::resize_file(folder_.path() + "/file", length + 10);
  serve();
  RawConnection client(address_);
  client.send("GET /file?" + std::to_string(length) + " HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(client.wait_for("\r\n\r\n"));
  thread_.request_stop();
  EXPECT_LT(client.answer().body.size(), length);
  thread_.join();
}

TEST_F(Streaming, CutsAnAnswerWhoseFileIsShorter) {
  testing::write_text(folder_.path() + "/file", std::string(5000, 'x'));
  serve();
  const auto answer = send_request(address_, "GET", "/file?9000");
  EXPECT_TRUE(answer.has("Content-Length: 9000\r\n"));
  EXPECT_LT(answer.body.size(), 9000U);
}

}  // namespace streaming_test
}  // namespace devy::server
