#include "tests/bench/http_sender.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <stdexcept>

namespace devy::bench {
namespace {

constexpr std::size_t status_at = 9, status_digits = 3;  // behind "HTTP/1.1 "

}  // namespace

HttpSender::HttpSender(const std::string& address) {
  where_.sin_family = AF_INET;
  where_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where_.sin_port =
      htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
}

int HttpSender::send(const std::string& bytes) {
  const bool was_open = socket_.get() >= 0;
  int status = send_once(bytes);
  // It may have been closed since the last answer, without a word about this request.
  if (status == 0 && was_open) status = send_once(bytes);
  return status;
}

std::string_view HttpSender::head() const {
  return std::string_view(answer_).substr(0, head_bytes_);
}

std::string_view HttpSender::body() const {
  return std::string_view(answer_).substr(head_bytes_);
}

int HttpSender::stream(const std::string& head, std::size_t bytes, const std::string& first,
                       const std::string& piece) {
  if (!connect() || !write(head)) return fail();
  for (std::size_t sent = 0; sent < bytes; sent += piece.size()) {
    const auto& next = sent == 0 ? first : piece;
    if (!write(std::string_view(next).substr(0, bytes - sent))) return fail();
  }
  return answer();
}

bool HttpSender::connect() {
  if (socket_.get() >= 0) return true;
  socket_ = base::Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int at_once = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  return ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&where_), sizeof where_) == 0;
}

bool HttpSender::write(std::string_view bytes) {
  return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

int HttpSender::send_once(const std::string& bytes) {
  return connect() && write(bytes) ? answer() : fail();
}

int HttpSender::answer() {
  answer_.clear();
  while (!is_whole()) {
    const auto count = ::recv(socket_.get(), chunk_.data(), chunk_.size(), 0);
    if (count <= 0) return fail();
    answer_.append(chunk_.data(), static_cast<std::size_t>(count));
  }
  if (answer_.find("Connection: close") < head_bytes_) socket_ = base::Descriptor();
  return std::stoi(answer_.substr(status_at, status_digits));
}

// Every server measured here says how long its answer is; header names come in either case.
bool HttpSender::is_whole() {
  constexpr std::string_view end = "\r\n\r\n", length = "ontent-";
  constexpr std::size_t value_at = std::string_view("ontent-Length: ").size();
  head_bytes_ = answer_.find(end);
  if (head_bytes_ == std::string::npos) return false;
  head_bytes_ += end.size();
  for (auto at = answer_.find(length); at < head_bytes_; at = answer_.find(length, at + 1))
    if (answer_[at + length.size()] == 'L' || answer_[at + length.size()] == 'l')
      return answer_.size() >= head_bytes_ + std::stoul(answer_.substr(at + value_at));
  for (const auto* without_body : {"204", "304"})
    if (answer_.compare(status_at, status_digits, without_body) == 0) return true;
  throw std::runtime_error("an answer without its length: " + answer_);
}

int HttpSender::fail() {
  socket_ = base::Descriptor();
  return 0;
}

}  // namespace devy::bench
