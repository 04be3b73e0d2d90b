// Hands work to the pools, and takes back what comes of it (server_state.hpp).
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/platform/base/log.hpp"
#include "core/platform/http/server/routes.hpp"
#include "core/platform/http/server/server_state.hpp"

namespace devy::server {
namespace {

// Nothing when the file is shorter than it was, or cannot be read.
std::string read_part(const http::FileRange& part) {
  std::string bytes(part.length, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count = ::pread(part.file->get(), bytes.data() + done, bytes.size() - done,
                               static_cast<off_t>(part.offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      base::log::error("file not read", {{"error", count < 0 ? strerror(errno) : "it is shorter"}});
      return {};
    }
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

}  // namespace

void HttpServer::State::submit(std::uint64_t connection, const Route& route,
                               ReceivedRequest request) {
  // std::function copies; a request is large.
  auto shared = std::make_shared<const ReceivedRequest>(std::move(request));
  const Respond on_response = [this, connection](http::Response response) {
    tell(connection, std::move(response));
  };
  ++in_flight_;
  pool_->submit([&route, on_response, shared = std::move(shared)]() mutable {
    serve(route, std::move(shared), on_response);
  });
}

bool HttpServer::State::submit_opening(std::uint64_t connection, const Route& route,
                                       ReceivedRequest request) {
  if (streams_ >= settings_.streams.streams_max) return false;
  auto shared = std::make_shared<const ReceivedRequest>(std::move(request));
  const Opened on_opened = [this, connection](Opening opening) {
    tell(connection, std::move(opening));
  };
  ++in_flight_;
  ++streams_;
  pool_->submit([&route, on_opened, shared = std::move(shared)]() mutable {
    open_body(route, std::move(shared), on_opened);
  });
  return true;
}

std::shared_ptr<Transfer> HttpServer::State::begin_transfer(std::uint64_t connection,
                                                            const std::string& path,
                                                            std::shared_ptr<BodySink> sink) {
  return std::make_shared<Transfer>(
      *io_pool_, std::move(sink), path,
      [this, connection](SliceTaken taken) { tell(connection, std::move(taken)); });
}

void HttpServer::State::read_file(std::uint64_t connection, const http::FileRange& part) {
  io_pool_->submit([this, connection, part] { tell(connection, FilePart{read_part(part)}); });
}

void HttpServer::State::tell(std::uint64_t connection, What what) {
  const std::lock_guard lock(mutex_);
  events_.emplace_back(connection, std::move(what));
  // The thread that queued the first event has woken the loop.
  if (events_.size() == 1) wake();
}

void HttpServer::State::wake() const {
  const std::uint64_t one = 1;
  // Full means that it is awake already.
  if (::write(wake_.get(), &one, sizeof one) < 0 && errno != EAGAIN)
    base::log::warning("server not woken", {{"server", settings_.name}});
}

// A request ends with one answer: of its handler, of who refused its body, or of its sink.
void HttpServer::State::note_end(const What& what) {
  const auto* opening = std::get_if<Opening>(&what);
  const auto* taken = std::get_if<SliceTaken>(&what);
  const bool is_refused = opening != nullptr && std::holds_alternative<http::Response>(*opening);
  const bool is_sink_done = taken != nullptr && taken->answer;
  if (is_refused || is_sink_done) --streams_;
  if (!is_refused && !is_sink_done && !std::holds_alternative<http::Response>(what)) return;
  --in_flight_;
  ++requests_;
}

Connection::Wants HttpServer::State::pass_on(Connection& connection, What what) {
  if (const auto* response = std::get_if<http::Response>(&what))
    return connection.answer(*response);
  if (auto* opening = std::get_if<Opening>(&what)) return connection.opened(std::move(*opening));
  if (auto* taken = std::get_if<SliceTaken>(&what))
    return connection.slice_taken(std::move(*taken));
  return connection.file_read(std::move(std::get<FilePart>(what).bytes));
}

void HttpServer::State::collect_events() {
  std::uint64_t count = 0;
  if (::read(wake_.get(), &count, sizeof count) < 0 && errno != EAGAIN) checked(-1, "eventfd");
  std::vector<std::pair<std::uint64_t, What>> events;
  {
    const std::lock_guard lock(mutex_);
    events.swap(events_);
  }
  for (auto& [name, what] : events) {
    note_end(what);
    const auto found = connections_.find(name);
    if (found != connections_.end()) handle(name, pass_on(*found->second, std::move(what)));
  }
}

}  // namespace devy::server
