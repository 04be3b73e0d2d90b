#include "core/files/intake/multipart.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"

namespace devy::intake {
namespace {

constexpr std::string_view line_end = "\r\n";

// RFC 2046, section 5.1.1, without the blank, which no one sends.
bool is_boundary(std::string_view text) {
  constexpr std::string_view marks = "'()+_,-./:=?";
  if (text.empty() || text.size() > MultipartReader::boundary_bytes_max) return false;
  return base::is_word_of(text, marks);
}

}  // namespace

std::optional<std::string> boundary_of(std::string_view content_type) {
  const auto mark = content_type.find(';');
  if (mark == std::string_view::npos ||
      !base::is_same_word(base::trim_blanks(content_type.substr(0, mark)), "multipart/form-data"))
    return std::nullopt;
  auto parameter = base::trim_blanks(content_type.substr(mark + 1));
  constexpr std::string_view name = "boundary=";
  if (!base::is_same_word(parameter.substr(0, name.size()), name)) return std::nullopt;
  parameter.remove_prefix(name.size());
  const bool is_quoted =
      parameter.size() >= 2 && parameter.starts_with('"') && parameter.ends_with('"');
  if (is_quoted) parameter = parameter.substr(1, parameter.size() - 2);
  if (!is_boundary(parameter)) return std::nullopt;
  return std::string(parameter);
}

MultipartReader::MultipartReader(FormHandler& handler, std::string_view boundary)
    : handler_(handler),
      delimiter_(std::string(line_end) + "--" + std::string(boundary)),
      // The first boundary begins the body, as if a line had ended before.
      matched_(line_end.size()) {}

void MultipartReader::refuse(const char* message) const {
  throw Malformed(std::nullopt, "body", message);
}

void MultipartReader::add(std::string_view bytes) {
  while (!bytes.empty()) {
    // Almost all of a request is data.
    const auto count = read_data(bytes);
    bytes.remove_prefix(count);
    if (count > 0) continue;
    step(bytes.front());
    bytes.remove_prefix(1);
  }
}

// Hands on what is no part of a boundary. Returns how many bytes that were.
std::size_t MultipartReader::read_data(std::string_view bytes) {
  if (state_ != State::data || matched_ > 0) return 0;
  auto count = bytes.find(delimiter_);
  if (count == std::string_view::npos) {
    // The carriage return stands at a delimiter's beginning alone, so the last one decides.
    count = std::min(bytes.rfind('\r'), bytes.size());
    if (!delimiter_.starts_with(bytes.substr(count))) count = bytes.size();
  }
  if (count > 0) handler_.part_bytes(bytes.substr(0, count));
  return count;
}

void MultipartReader::step(char byte) {
  switch (state_) {
    case State::first_boundary:
    case State::data: step_boundary(byte); return;
    case State::behind_boundary:
      held_ += byte;
      if (held_.size() < line_end.size()) return;
      if (held_ == "--") state_ = State::behind_end;
      else if (held_ == line_end) state_ = State::head;
      else refuse("Only a line end or two dashes may stand behind a boundary.");
      held_.clear();
      return;
    case State::head:
      if (held_.size() == head_bytes_max) refuse("The headers of a part are too long.");
      held_ += byte;
      if (held_ == line_end || held_.ends_with("\r\n\r\n")) begin_part();
      return;
    case State::behind_end:
      held_ += byte;
      if (held_ == line_end) state_ = State::end;
      else if (!line_end.starts_with(held_)) refuse("Nothing may stand behind the last boundary.");
      return;
    case State::end: refuse("Nothing may stand behind the last boundary.");
  }
}

void MultipartReader::step_boundary(char byte) {
  if (byte == delimiter_[matched_]) {
    if (++matched_ < delimiter_.size()) return;
    matched_ = 0;
    if (state_ == State::data) handler_.end_part();
    state_ = State::behind_boundary;
    return;
  }
  if (state_ == State::first_boundary) refuse("The body must begin with its boundary.");
  // The carriage return stands nowhere else in a delimiter, so what came was data.
  if (matched_ > 0) handler_.part_bytes(std::string_view(delimiter_).substr(0, matched_));
  matched_ = 0;
  if (byte == delimiter_.front()) matched_ = 1;
  else handler_.part_bytes(std::string_view(&byte, 1));
}

void MultipartReader::begin_part() {
  if (++parts_ > parts_max) refuse("These are too many parts.");
  const auto part = read_part_head(held_);
  held_.clear();
  state_ = State::data;
  handler_.begin_part(part);
}

void MultipartReader::finish() {
  const bool is_whole = state_ == State::end || (state_ == State::behind_end && held_.empty());
  if (!is_whole) refuse("The body ends too early.");
}

}  // namespace devy::intake
