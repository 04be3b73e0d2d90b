// Bodies that are taken as they come, and answers from files (connection.hpp).
#include <algorithm>

#include "core/platform/http/server/connection.hpp"

namespace devy::server {
namespace {

// Limit for the bytes of one call, so that one fast client does not delay the others.
constexpr std::size_t stream_turn_bytes_max = 256UL * 1024;

}  // namespace

Connection::Wants Connection::ask_route() {
  slice_ = std::exchange(request_.body, {});
  received_ = slice_.size();
  if (!host_.submit_opening(id_, *route_, std::move(request_)))
    return refuse({503, "too much at once"});
  phase_ = Phase::opening;
  return Wants::answer;
}

Connection::Wants Connection::opened(Opening opening) {
  if (const auto* refusal = std::get_if<http::Response>(&opening)) {
    slice_ = {};
    is_unread_ = received_ < body_bytes_;
    is_last_ = is_last_ || is_unread_;
    return answer(*refusal);
  }
  transfer_ = host_.begin_transfer(id_, route_->path, std::get<1>(std::move(opening)));
  phase_ = Phase::streaming;
  moved_ = 0;
  moving_since_ = host_.now();
  deadline_ = moving_since_ + host_.settings().streams.stall;
  is_sink_busy_ = false;
  return tell_to_go_on() ? read_stream() : Wants::close;
}

Connection::Wants Connection::read_stream() {
  const auto slice_bytes = host_.settings().streams.slice_bytes;
  std::size_t turn_bytes = 0;
  while (received_ < body_bytes_) {
    if (slice_.size() >= slice_bytes) {
      is_waiting_for_sink_ = is_sink_busy_;
      if (is_waiting_for_sink_) return Wants::answer;
      hand_slice();
    }
    if (turn_bytes >= stream_turn_bytes_max && !stream_->holds_more()) return Wants::read;
    const auto before = slice_.size();
    const auto room = std::min<std::uint64_t>(slice_bytes - before, body_bytes_ - received_);
    const auto io = stream_->read(slice_, room);
    if (io != Io::done) return wants(io);
    const auto count = slice_.size() - before;
    received_ += count;
    turn_bytes += count;
    note_progress(count);
  }
  is_unread_ = false;
  if (!slice_.empty()) hand_slice();
  std::exchange(transfer_, nullptr)->finish();
  spare_ = {};
  phase_ = Phase::handling;
  return Wants::answer;
}

void Connection::hand_slice() {
  is_sink_busy_ = true;
  transfer_->take(std::exchange(slice_, std::exchange(spare_, {})));
  slice_.reserve(host_.settings().streams.slice_bytes);
}

Connection::Wants Connection::slice_taken(SliceTaken taken) {
  if (taken.answer) {
    transfer_ = nullptr;
    is_waiting_for_sink_ = false;
    slice_ = spare_ = {};
    is_last_ = is_last_ || is_unread_;
    return answer(*taken.answer);
  }
  is_sink_busy_ = false;
  if (phase_ != Phase::streaming) return Wants::answer;
  spare_ = std::move(taken.memory);
  if (!std::exchange(is_waiting_for_sink_, false)) return Wants::answer;
  // It was not the client who took that time.
  deadline_ = host_.now() + host_.settings().streams.stall;
  return read_stream();
}

Connection::Wants Connection::stop_streaming() {
  is_waiting_for_sink_ = false;
  std::exchange(transfer_, nullptr)->break_off(std::exchange(slice_, {}), "stopped");
  phase_ = Phase::handling;
  return Wants::answer;
}

void Connection::note_progress(std::uint64_t bytes) {
  if (bytes == 0) return;
  moved_ += bytes;
  deadline_ = host_.now() + host_.settings().streams.stall;
}

bool Connection::is_slow() const {
  if (phase_ != Phase::streaming && !(phase_ == Phase::answer && file_)) return false;
  if (is_waiting_for_sink_) return false;
  const auto& streams = host_.settings().streams;
  const auto age = host_.now() - moving_since_;
  return age >= streams.slow_after &&
         moved_ < streams.slow_bytes_per_second *
                      static_cast<std::uint64_t>(
                          std::chrono::duration_cast<std::chrono::seconds>(age).count());
}

Connection::Wants Connection::write_file() {
  // Its client sees that the rest is missing, and may ask for it elsewhere.
  if (host_.is_stopping()) return Wants::close;
  auto& rest = *file_;
  const auto bytes = std::min<std::uint64_t>(rest.length, host_.settings().streams.slice_bytes);
  host_.read_file(id_, {rest.file, rest.offset, bytes});
  rest.offset += bytes;
  rest.length -= bytes;
  phase_ = Phase::file;
  return Wants::answer;
}

Connection::Wants Connection::file_read(std::string bytes) {
  // The length was told, so that a client sees that the rest is missing.
  if (bytes.empty()) return Wants::close;
  output_ = std::move(bytes);
  rest_ = output_;
  phase_ = Phase::answer;
  deadline_ = host_.now() + host_.settings().streams.stall;
  return write_answer();
}

}  // namespace devy::server
