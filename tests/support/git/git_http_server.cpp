#include "tests/support/git/git_http_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <list>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/git/git_http_message.hpp"

namespace devy::testing {
namespace {

int listen_on(std::uint16_t port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr generic{};
  std::memcpy(&generic, &address, sizeof address);
  if (bind(listener, &generic, sizeof address) != 0 || listen(listener, 128) != 0) {
    close(listener);
    throw std::runtime_error("the git server cannot listen on port " + std::to_string(port));
  }
  return listener;
}

std::uint16_t port_of(int listener) {
  sockaddr generic{};
  socklen_t size = sizeof generic;
  getsockname(listener, &generic, &size);
  sockaddr_in address{};
  std::memcpy(&address, &generic, sizeof address);
  return ntohs(address.sin_port);
}

bool is_upload_pack(const HttpRequest& request) {
  return request.method == "POST" && request.path.ends_with("/git-upload-pack");
}

bool has_token(const HttpRequest& request, const std::string& token) {
  const auto header = request.header("authorization");
  if (!header.starts_with("Basic ")) return false;
  const auto pair = base64_decode(std::string_view(header).substr(6));
  const auto colon = pair.find(':');
  return colon != pair.npos && pair.substr(colon + 1) == token;
}

// The answer that needs no git; nothing when git is to answer.
std::optional<std::string> own_answer(const HttpRequest& request, const Faults& faults) {
  if (faults.status != 0)
    return make_answer(faults.status,
                       faults.extra_header.empty() ? "" : faults.extra_header + "\r\n");
  for (const auto& [from, to] : faults.redirects)
    if (request.path.starts_with(from + "/")) {
      const auto query = request.query.empty() ? "" : "?" + request.query;
      return make_answer(faults.redirect_status,
                         "Location: " + to + request.path.substr(from.size()) + query + "\r\n");
    }
  if (!faults.token.empty() && !has_token(request, faults.token))
    return faults.hides_private ? make_answer(404)
                                : make_answer(401, "WWW-Authenticate: Basic realm=\"git\"\r\n");
  return std::nullopt;
}

}  // namespace

struct GitHttpServer::Impl {
  std::string root;
  std::optional<TlsIdentity> tls;
  int listener = -1;
  std::uint16_t port = 0;
  mutable std::mutex mutex;
  std::condition_variable changed;
  bool is_stopping = false;
  Faults faults;
  Counters counters;
  std::set<int> connections;
  struct Worker {
    bool is_done = false;  // guarded by `mutex`, like the list
    std::jthread thread;
  };
  std::list<Worker> workers;
  std::jthread acceptor;

  void accept_all() {
    for (;;) {
      const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      const std::lock_guard lock(mutex);
      if (is_stopping) {
        if (connection >= 0) close(connection);
        return;
      }
      if (connection < 0) continue;
      connections.insert(connection);
      std::erase_if(workers, [](const Worker& worker) { return worker.is_done; });
      auto& worker = workers.emplace_back();
      worker.thread = std::jthread([this, connection, &worker] { serve(connection, worker); });
    }
  }

  void serve(int connection, Worker& worker) {
    // OpenSSL writes without MSG_NOSIGNAL.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    if (const auto stream = open_stream(connection))
      if (const auto request = read_request(*stream)) answer(*stream, *request);
    const std::lock_guard lock(mutex);
    connections.erase(connection);
    close(connection);
    worker.is_done = true;
  }

  std::unique_ptr<HttpStream> open_stream(int connection) const {
    return tls ? make_tls_stream(connection, *tls) : make_plain_stream(connection);
  }

  Faults note(const HttpRequest& request) {
    const std::lock_guard lock(mutex);
    ++counters.requests;
    if (request.path.ends_with("/info/refs")) ++counters.info_refs;
    if (is_upload_pack(request)) ++counters.upload_packs;
    if (request.path.ends_with("/git-receive-pack")) ++counters.receive_packs;
    if (!request.header("authorization").empty()) ++counters.with_authorization;
    return faults;
  }

  void answer(HttpStream& stream, const HttpRequest& request) {
    const auto now = note(request);
    const bool is_pack = is_upload_pack(request);
    if (now.closes) return;
    if (now.is_silent || (now.is_silent_after_refs && is_pack)) return wait_for_end(stream);
    if (const auto own = own_answer(request, now)) {
      stream.write(*own);
      return;
    }
    if (is_pack && now.pack_status != 0) {
      stream.write(make_answer(now.pack_status));
      return;
    }
    if (is_pack && now.before_upload_pack) now.before_upload_pack();
    auto bytes = call_backend({root, request, now.allows_any_commit, now.knows_version_2});
    if (const auto& type = is_pack ? now.pack_type : now.refs_type; !type.empty())
      retype(bytes, type);
    if (is_pack && now.has_wrong_checksum) break_checksum(bytes);
    if (is_pack && now.pack_bytes) {
      const auto body = bytes.find("\r\n\r\n") + 4;
      stream.write(std::string_view(bytes).substr(0, body + *now.pack_bytes));
      if (now.is_silent_after_pack_bytes) wait_for_end(stream);
    } else if (is_pack && now.drip_bytes_per_second != 0) {
      drip(stream, bytes, now.drip_bytes_per_second);
    } else {
      stream.write(bytes);
    }
  }

  static void retype(std::string& answer, const std::string& type) {
    constexpr std::string_view name = "Content-Type: ";
    const auto at = answer.find(name) + name.size();
    answer.replace(at, answer.find('\r', at) - at, type);
  }

  // The pack's last byte, in the last packet of its band. An answer of a negotiation has none.
  static void break_checksum(std::string& answer) {
    constexpr std::size_t digits = 4;
    const auto pack = answer.find("\x01PACK");
    if (pack == std::string::npos) return;
    std::size_t last = 0;
    for (auto at = pack - digits; at + digits < answer.size();) {
      const auto size = std::stoul(answer.substr(at, digits), nullptr, 16);
      if (size <= digits) break;
      if (answer[at + digits] == '\x01') last = at + size - 1;
      at += size;
    }
    answer.at(last) = static_cast<char>(answer.at(last) ^ 1);
  }

  // Until the peer closes, or the destructor shuts the connection down.
  static void wait_for_end(HttpStream& stream) {
    std::array<char, 256> ignored{};
    while (stream.read(ignored.data(), ignored.size()) > 0) {
    }
  }

  void drip(HttpStream& stream, std::string_view bytes, std::size_t bytes_per_second) {
    constexpr std::chrono::milliseconds tick{20};
    const auto step = std::max<std::size_t>(1, bytes_per_second / 50);
    while (!bytes.empty() && stream.write(bytes.substr(0, step))) {
      bytes.remove_prefix(std::min(step, bytes.size()));
      std::unique_lock lock(mutex);
      if (changed.wait_for(lock, tick, [&] { return is_stopping; })) return;
    }
  }
};

GitHttpServer::GitHttpServer(std::string root, const ServerOptions& options)
    : impl_(std::make_unique<Impl>()) {
  impl_->root = std::move(root);
  impl_->tls = options.tls;
  impl_->listener = listen_on(options.port);
  impl_->port = port_of(impl_->listener);
  impl_->acceptor = std::jthread([impl = impl_.get()] { impl->accept_all(); });
}

GitHttpServer::~GitHttpServer() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->is_stopping = true;
    for (const int connection : impl_->connections)
      shutdown(connection, SHUT_RDWR);
  }
  impl_->changed.notify_all();
  shutdown(impl_->listener, SHUT_RDWR);
  impl_->acceptor.join();
  impl_->workers.clear();
  close(impl_->listener);
}

std::uint16_t GitHttpServer::port() const {
  return impl_->port;
}

std::string GitHttpServer::url(std::string_view path) const {
  const std::string origin = impl_->tls ? "https://localhost:" : "http://127.0.0.1:";
  const std::string base = origin + std::to_string(impl_->port);
  return path.empty() ? base : base + "/" + std::string(path);
}

void GitHttpServer::misbehave(const std::function<void(Faults&)>& change) {
  const std::lock_guard lock(impl_->mutex);
  change(impl_->faults);
}

void GitHttpServer::behave() {
  misbehave([](Faults& faults) { faults = {}; });
}

Counters GitHttpServer::counters() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->counters;
}

bool apply_fault(Faults& faults, std::string_view text) {
  const auto equals = text.find('=');
  const auto name = text.substr(0, equals);
  const std::string value(equals == text.npos ? "" : text.substr(equals + 1));
  std::size_t number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  if (name == "silent") faults.is_silent = true;
  else if (name == "silent-after-refs") faults.is_silent_after_refs = true;
  else if (name == "close") faults.closes = true;
  else if (name == "status") faults.status = static_cast<int>(number);
  else if (name == "truncate") faults.pack_bytes = number;
  else if (name == "drip") faults.drip_bytes_per_second = number;
  else if (name == "token") faults.token = value;
  else if (name == "hide-private") faults.hides_private = true;
  else if (name == "any-commit") faults.allows_any_commit = true;
  else if (name == "redirect" && value.find('>') != value.npos)
    faults.redirects[value.substr(0, value.find('>'))] = value.substr(value.find('>') + 1);
  else if (name == "none") faults = {};
  else return false;
  return true;
}

}  // namespace devy::testing
