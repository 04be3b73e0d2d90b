#include "tests/support/github/fake_github.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <list>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

namespace devy::testing {
namespace {

constexpr std::chrono::seconds patience{30};

struct Listening {
  int socket = -1;
  std::uint16_t port = 0;
};

Listening listen_anywhere() {
  Listening listening{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr generic{};
  std::memcpy(&generic, &address, sizeof address);
  socklen_t size = sizeof generic;
  if (bind(listening.socket, &generic, size) != 0 || listen(listening.socket, 128) != 0 ||
      getsockname(listening.socket, &generic, &size) != 0)
    throw std::runtime_error("the fake GitHub cannot listen");
  std::memcpy(&address, &generic, sizeof address);
  listening.port = ntohs(address.sin_port);
  return listening;
}

std::string bytes_of(const FakeAnswer& answer) {
  std::string bytes = "HTTP/1.1 " + std::to_string(answer.status) + " Said\r\n";
  for (const auto& header : answer.headers)
    bytes += header + "\r\n";
  return bytes + "Content-Length: " + std::to_string(answer.body.size()) +
         "\r\nConnection: close\r\n\r\n" + answer.body;
}

}  // namespace

struct FakeGithub::Impl {
  const Listening listening = listen_anywhere();
  std::optional<TlsIdentity> tls;
  mutable std::mutex mutex;  // guards what follows
  mutable std::condition_variable changed;
  Play play;
  std::vector<HttpRequest> requests;
  std::set<int> connections;
  bool is_stopping = false;
  std::list<std::jthread> threads;
  std::jthread acceptor;

  void accept_all() {
    for (;;) {
      const int connection = accept4(listening.socket, nullptr, nullptr, SOCK_CLOEXEC);
      const std::lock_guard lock(mutex);
      if (is_stopping) {
        if (connection >= 0) close(connection);
        return;
      }
      if (connection < 0) continue;
      connections.insert(connection);
      threads.emplace_back([this, connection] { serve(connection); });
    }
  }

  void serve(int connection) {
    // OpenSSL writes without MSG_NOSIGNAL.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    if (const auto stream = tls ? make_tls_stream(connection, *tls) : make_plain_stream(connection))
      if (auto request = read_request(*stream)) answer(*stream, std::move(*request));
    const std::lock_guard lock(mutex);
    connections.erase(connection);
    close(connection);
  }

  void answer(HttpStream& stream, HttpRequest request) {
    Play current;
    {
      const std::lock_guard lock(mutex);
      current = play;
    }
    const auto said = current(request);
    {
      const std::lock_guard lock(mutex);
      requests.push_back(std::move(request));
    }
    changed.notify_all();
    if (said.closes) return;
    if (!said.is_silent) {
      stream.write(bytes_of(said));
      return;
    }
    std::array<char, 256> ignored{};
    while (stream.read(ignored.data(), ignored.size()) > 0) {
    }
  }
};

FakeGithub::FakeGithub(Play play, const std::optional<TlsIdentity>& tls)
    : impl_(std::make_unique<Impl>()) {
  impl_->play = std::move(play);
  impl_->tls = tls;
  impl_->acceptor = std::jthread([impl = impl_.get()] { impl->accept_all(); });
}

FakeGithub::~FakeGithub() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->is_stopping = true;
    for (const int connection : impl_->connections)
      shutdown(connection, SHUT_RDWR);
  }
  shutdown(impl_->listening.socket, SHUT_RDWR);
  impl_->acceptor.join();
  impl_->threads.clear();
  close(impl_->listening.socket);
}

std::string FakeGithub::url() const {
  return (impl_->tls ? "https://localhost:" : "http://127.0.0.1:") +
         std::to_string(impl_->listening.port);
}

void FakeGithub::play(Play play) {
  const std::lock_guard lock(impl_->mutex);
  impl_->play = std::move(play);
}

std::vector<HttpRequest> FakeGithub::requests() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->requests;
}

std::vector<HttpRequest> FakeGithub::wait_for(std::string_view beginning, std::size_t count) const {
  std::vector<HttpRequest> found;
  const auto look = [&] {
    found.clear();
    for (const auto& request : impl_->requests)
      if ((request.method + " " + request.path).starts_with(beginning)) found.push_back(request);
    return found.size() >= count;
  };
  std::unique_lock lock(impl_->mutex);
  if (!impl_->changed.wait_for(lock, patience, look))
    throw std::runtime_error("GitHub was asked for " + std::string(beginning) + " " +
                             std::to_string(found.size()) + " times");
  return found;
}

}  // namespace devy::testing
