#include "core/platform/http/server/connection.hpp"

#include <algorithm>

namespace devy::server {
namespace {

// The first bytes of a body need no reservation: large ones in flight must not keep small ones out.
constexpr std::uint64_t small_body_bytes = 64ULL * 1024;
// The rest is reserved in such steps, as it arrives.
constexpr std::uint64_t step_bytes = 256ULL * 1024;
// The capacity of a body grows by this factor, so that little is copied. Only what has arrived is
// memory: the system gives large blocks page by page.
constexpr std::uint64_t growth = 4;
constexpr std::chrono::milliseconds linger_time{2'000};
// Limit for the bytes of one call, so that one fast client does not delay the others.
constexpr std::size_t turn_bytes_max = 256UL * 1024;

}  // namespace

Connection::Connection(ConnectionHost& host, std::uint64_t id, std::unique_ptr<Stream> stream,
                       std::string remote_address)
    : host_(host), id_(id), stream_(std::move(stream)), remote_address_(std::move(remote_address)) {
  begin_request();
}

Connection::~Connection() {
  if (transfer_) transfer_->break_off(std::move(slice_), "connection_lost");
  host_.release(sender_, reserved_);
}

void Connection::begin_request() {
  begun_at_ = host_.now();
  deadline_ = begun_at_ + host_.settings().request_deadline;
  ++requests_;
  is_idle_ = false;
  is_last_ = true;  // until its head allows another request
  is_head_ = false;
  seen_ = 0;
  request_ = ReceivedRequest{};
  request_.is_local = remote_address_.empty();
  request_.remote_address = remote_address_;
  request_.certificate_subjects = certificate_subjects_;
}

Connection::Wants Connection::wants(Io io) {
  switch (io) {
    case Io::wants_read: return Wants::read;
    case Io::wants_write: return Wants::write;
    case Io::done:
    case Io::closed: break;
  }
  return Wants::close;
}

Connection::Wants Connection::advance() {
  switch (phase_) {
    case Phase::handshake: {
      const auto io = stream_->handshake();
      if (io != Io::done) return wants(io);
      phase_ = Phase::head;
      certificate_subjects_ = stream_->certificate_subjects();
      request_.certificate_subjects = certificate_subjects_;
      return read_head();
    }
    case Phase::head: return read_head();
    case Phase::body: return read_body();
    case Phase::streaming: return read_stream();
    case Phase::handling:
    case Phase::opening:
    case Phase::file: return Wants::answer;
    case Phase::answer: return write_answer();
    case Phase::lingering: return linger();
  }
  return Wants::close;
}

Connection::Wants Connection::read_head() {
  const auto bytes_max = host_.settings().head_bytes_max;
  while (true) {
    if (const auto end = find_head_end(input_, seen_)) return read_head(*end);
    if (input_.size() >= bytes_max) {
      is_unread_ = true;
      return refuse({431, "the head is too large"});
    }
    seen_ = input_.size();
    const auto io = stream_->read(input_, bytes_max - input_.size());
    if (io != Io::done) return wants(io);
    if (is_idle_) begin_request();
  }
}

Connection::Wants Connection::read_head(std::size_t length) {
  auto parsed = parse_head(std::string_view(input_).substr(0, length));
  request_.body = input_.substr(length);
  input_ = {};
  // Until the whole body is here.
  is_unread_ = true;
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) return refuse(*refusal);
  auto& head = std::get<Head>(parsed);
  is_head_ = head.method == "HEAD";
  auto found = find_route(host_.routes(), head.method, head.path);
  if (const auto* refusal = std::get_if<Refusal>(&found)) return refuse(*refusal);
  if (const auto* options = std::get_if<Options>(&found)) return answer_options(head, *options);
  auto& match = std::get<Match>(found);
  if (const auto refusal = check_body(*match.route, head)) return refuse(*refusal);
  body_bytes_ = head.content_length.value_or(0);
  if (request_.body.size() > body_bytes_) return refuse({400, "more than one request"});
  is_last_ = head.wants_close || requests_ >= host_.settings().connection_requests_max;
  route_ = match.route;
  request_.method = std::move(head.method);
  request_.path = std::move(head.path);
  request_.query = std::move(head.query);
  request_.headers = std::move(head.headers);
  request_.path_values = std::move(match.values);
  const auto& sender_of = host_.settings().sender_of;
  sender_ = sender_of ? sender_of(request_) : remote_address_;
  step_begun_at_ = host_.now();
  expects_continue_ = head.expects_continue && request_.body.size() < body_bytes_;
  if (route_->open) return ask_route();
  phase_ = Phase::body;
  return tell_to_go_on() ? read_body() : Wants::close;
}

bool Connection::tell_to_go_on() {
  if (!expects_continue_) return true;
  // It fits any socket's buffer; a client that does not take it is closed at its deadline.
  std::string_view rest = "HTTP/1.1 100 Continue\r\n\r\n";
  return stream_->write(rest) != Io::closed;
}

Connection::Wants Connection::answer_options(const Head& head, const Options& options) {
  if (head.content_length.value_or(0) > 0) return refuse({400, "an OPTIONS has no body"});
  if (!request_.body.empty()) return refuse({400, "more than one request"});
  is_last_ = head.wants_close || requests_ >= host_.settings().connection_requests_max;
  is_unread_ = false;
  return begin_answer({204, {{"Allow", options.allow}}, {}});
}

Connection::Wants Connection::read_body() {
  std::size_t turn_bytes = 0;
  auto& body = request_.body;
  while (body.size() < body_bytes_) {
    // Bytes that TLS holds already would not be reported again.
    if (turn_bytes >= turn_bytes_max && !stream_->holds_more()) return Wants::read;
    const auto before = body.size();
    if (before >= small_body_bytes + reserved_) {
      switch (reserve_step()) {
        case ConnectionHost::Room::granted: break;
        case ConnectionHost::Room::later: return Wants::memory;
        case ConnectionHost::Room::none: return refuse({503, "too much at once"});
      }
    }
    const auto room = std::min(body_bytes_, small_body_bytes + reserved_);
    const auto io = stream_->read(body, room - before);
    if (io != Io::done) return wants(io);
    turn_bytes += body.size() - before;
  }
  is_unread_ = false;
  return hand_over();
}

ConnectionHost::Room Connection::reserve_step() {
  using Room = ConnectionHost::Room;
  const auto bytes = std::min(step_bytes, body_bytes_ - small_body_bytes - reserved_);
  const auto room = host_.reserve(*this, bytes);
  const auto now = host_.now();
  const bool had_to_wait = std::exchange(is_waiting_for_memory_, room == Room::later);
  if (room == Room::later && !had_to_wait) waiting_since_ = now;
  if (room != Room::granted) return room;
  reserved_ += bytes;
  step_begun_at_ = now;
  // It was not the client who took that time.
  if (had_to_wait) {
    const auto patience = host_.settings().request_deadline;
    deadline_ = std::min(deadline_ + (now - waiting_since_), begun_at_ + 2 * patience);
  }
  auto& body = request_.body;
  if (body.capacity() < small_body_bytes + reserved_)
    body.reserve(std::min(body_bytes_, growth * (small_body_bytes + reserved_)));
  return room;
}

Connection::Wants Connection::hand_over() {
  phase_ = Phase::handling;
  host_.submit(id_, *route_, std::move(request_));
  return Wants::answer;
}

Connection::Wants Connection::answer(const http::Response& response) {
  constexpr int first_failure = 400;
  is_last_ = is_last_ || response.status >= first_failure || !host_.may_stay();
  return begin_answer(response);
}

Connection::Wants Connection::refuse(const Refusal& refusal) {
  host_.count_refusal(refusal.status);
  is_last_ = true;
  return begin_answer(refusal_response(refusal));
}

Connection::Wants Connection::begin_answer(const http::Response& response) {
  is_waiting_for_memory_ = false;
  request_.body = {};
  host_.release(sender_, std::exchange(reserved_, 0));
  file_.reset();
  if (!is_head_ && response.file && response.file->length > 0) file_ = response.file;
  moved_ = 0;
  moving_since_ = host_.now();
  output_ = to_bytes(response, {is_last_, is_head_});
  rest_ = output_;
  phase_ = Phase::answer;
  deadline_ = host_.now() + host_.settings().response_deadline;
  return write_answer();
}

Connection::Wants Connection::write_answer() {
  const auto before = rest_.size();
  const auto io = stream_->write(rest_);
  if (file_) note_progress(before - rest_.size());
  if (io != Io::done) return wants(io);
  if (file_ && file_->length > 0) return write_file();
  if (!is_last_ && host_.may_stay()) {
    phase_ = Phase::head;
    is_idle_ = true;
    output_ = {};
    begun_at_ = host_.now();
    deadline_ = begun_at_ + host_.settings().idle_timeout;
    return stream_->holds_more() ? read_head() : Wants::read;
  }
  // When nothing is unread, closing has the same effect.
  if (is_unread_ || stream_->says_goodbye()) stream_->finish_writing();
  if (!is_unread_) return Wants::close;
  phase_ = Phase::lingering;
  deadline_ = host_.now() + linger_time;
  return linger();
}

// A socket that is closed with bytes unread resets the connection, and the client may never see
// the answer. So what still comes is thrown away for a while.
Connection::Wants Connection::linger() {
  std::string nothing;
  const auto io = stream_->read(nothing, turn_bytes_max);
  return io == Io::done ? Wants::read : wants(io);
}

}  // namespace devy::server
