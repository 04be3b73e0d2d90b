#include "core/platform/process/message.hpp"

#include <algorithm>

#include "core/platform/base/safe_text.hpp"

namespace devy::process {
namespace {

std::string with_valid_utf8(std::string_view text) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string valid;
  while (!text.empty()) {
    const auto length = base::utf8_length(text);
    valid += length == 0 ? replacement : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return valid;
}

}  // namespace

Encoder::Encoder(const MessageFormat& format, std::string& frame) : format_(format), frame_(frame) {
  frame_.clear();
}

void Encoder::put(std::string_view text) {
  if (format_.is_utf8 && !base::is_valid_utf8(text)) {
    put(std::string_view(with_valid_utf8(text)));
    return;
  }
  put_size(text.size());
  put_bytes(text);
}

void Encoder::put(const base::Error& error) {
  (*this)(base::to_string(error.kind()), error.text(), error.hint(), error.code());
}

void Encoder::put(const base::AskedToWait& error) {
  (*this)(static_cast<const base::Error&>(error), error.wait());
}

void Decoder::get(bool& truth) {
  const auto byte = take<std::uint8_t>();
  if (byte > 1) refuse("it has neither true nor false");
  truth = byte == 1;
}

void Decoder::get(std::string& text) {
  const auto size = take<std::uint32_t>();
  if (size > format_.text_bytes_max) refuse("a text is too long");
  text = read_bytes(size);
  if (format_.is_utf8 && !base::is_valid_utf8(text)) refuse("a text is no UTF-8");
}

std::uint32_t Decoder::read_size() {
  const auto size = take<std::uint32_t>();
  if (size > format_.items_max) refuse("a list is too long");
  return size;
}

std::string_view Decoder::read_bytes(std::size_t count) {
  if (count > rest_.size()) refuse("a message is cut short");
  const auto taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

base::Error Decoder::read_error() {
  const auto kind = take<std::string>();
  auto text = take<std::string>(), hint = take<std::string>(), code = take<std::string>();
  return {base::parse_kind(kind), std::move(text), std::move(hint), std::move(code)};
}

void Decoder::finish() const {
  if (!rest_.empty()) refuse("a message has bytes behind it");
}

void Decoder::refuse(const char* cause) const {
  throw base::Error(base::ErrorKind::internal,
                    std::string("unable to read ") + format_.name + ": " + cause);
}

}  // namespace devy::process
