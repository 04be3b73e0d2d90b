#include "core/files/intake/upload_json.hpp"

#include <array>

#include "core/platform/base/hex.hpp"

namespace devy::intake {
namespace {

constexpr std::size_t key_bytes_max = 32;
constexpr std::size_t decoded_bytes_max = 192UL * 1024;  // before they are handed on
constexpr std::uint8_t no_symbol = 0xff;

constexpr std::array<std::uint8_t, 256> make_symbols() {
  std::array<std::uint8_t, 256> symbols{};
  symbols.fill(no_symbol);
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    symbols[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return symbols;
}
constexpr auto symbols = make_symbols();

unsigned symbol_of(char byte) {
  return symbols[static_cast<unsigned char>(byte)];
}

bool is_json_blank(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

// The character that an escape of one letter means; 0 for none.
char escaped(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
  }
}

}  // namespace

void UploadReader::refuse(const char* message) const {
  const bool is_in_file = files_ > 0 && state_ != State::file && state_ != State::end &&
                          state_ != State::file_comma_or_end;
  std::string field = "file";
  if (field_ == Field::filename) field = "filename";
  if (field_ == Field::content) field = "content";
  throw Malformed(is_in_file ? std::optional(files_ - 1) : std::nullopt, field, message);
}

void UploadReader::add(std::string_view json) {
  while (!json.empty()) {
    // Almost all of a request is content.
    const auto taken = read_content(json);
    json.remove_prefix(taken);
    if (taken > 0) continue;
    step(json.front());
    json.remove_prefix(1);
  }
  flush();
}

// Reads whole groups of four letters of base64. Returns how many bytes that were.
std::size_t UploadReader::read_content(std::string_view json) {
  if (state_ != State::in_value || field_ != Field::content) return 0;
  if (is_escaped_ || digits_left_ > 0 || high_surrogate_ > 0 || bit_count_ > 0 || padding_ > 0)
    return 0;
  std::size_t at = 0;
  while (json.size() - at >= 4) {
    const auto a = symbol_of(json[at]), b = symbol_of(json[at + 1]);
    const auto c = symbol_of(json[at + 2]), d = symbol_of(json[at + 3]);
    if (((a | b | c | d) & 0x80U) != 0) break;
    const std::array<char, 3> bytes{static_cast<char>(a << 2U | b >> 4U),
                                    static_cast<char>(b << 4U | c >> 2U),
                                    static_cast<char>(c << 6U | d)};
    decoded_.append(bytes.data(), bytes.size());
    at += 4;
    if (decoded_.size() >= decoded_bytes_max) flush();
  }
  symbols_ += at;
  return at;
}

void UploadReader::step(char byte) {
  if (state_ == State::in_key || state_ == State::in_value) step_text(byte);
  else if (!is_json_blank(byte)) step_structure(byte);
}

void UploadReader::step_structure(char byte) {
  switch (state_) {
    case State::begin:
      if (byte != '[') refuse("The body must be an array of files.");
      state_ = State::first_file_or_end;
      return;
    case State::first_file_or_end:
      if (byte == ']') {
        state_ = State::end;
        return;
      }
      [[fallthrough]];
    case State::file:
      if (byte != '{') refuse("A file must be an object.");
      ++files_;
      has_name_ = has_content_ = false;
      field_ = Field::none;
      state_ = State::first_key_or_end;
      handler_.begin_file();
      return;
    case State::first_key_or_end:
      if (byte == '}') {
        end_object();
        return;
      }
      [[fallthrough]];
    case State::key:
      if (byte != '"') refuse("A name of a field must stand here.");
      key_.clear();
      state_ = State::in_key;
      return;
    case State::colon:
      if (byte != ':') refuse("A colon must stand behind the name of a field.");
      state_ = State::value;
      return;
    case State::value:
      if (byte != '"') refuse("Must be a text.");
      state_ = State::in_value;
      return;
    case State::comma_or_end:
      if (byte == ',') state_ = State::key;
      else if (byte == '}') end_object();
      else refuse("A comma or the end of the file must stand here.");
      return;
    case State::file_comma_or_end:
      if (byte == ',') state_ = State::file;
      else if (byte == ']') state_ = State::end;
      else refuse("A comma or the end of the array must stand here.");
      return;
    case State::end: refuse("Nothing may stand behind the array.");
    case State::in_key:
    case State::in_value: return;
  }
}

void UploadReader::step_text(char byte) {
  if (digits_left_ > 0 || is_escaped_) {
    step_escape(byte);
    return;
  }
  if (high_surrogate_ > 0 && byte != '\\') refuse("Half a character is escaped.");
  if (byte == '\\') is_escaped_ = true;
  else if (byte == '"') end_text();
  else if (static_cast<unsigned char>(byte) < 0x20) refuse("A control character must be escaped.");
  else put(byte);
}

void UploadReader::step_escape(char byte) {
  if (digits_left_ > 0) {
    const int digit = base::hex_value(byte);
    if (digit < 0) refuse("An escape has four hexadecimal digits.");
    unit_ = unit_ << 4U | static_cast<unsigned>(digit);
    if (--digits_left_ == 0) put_unit(unit_);
    return;
  }
  is_escaped_ = false;
  if (byte == 'u') {
    digits_left_ = 4;
    unit_ = 0;
    return;
  }
  if (high_surrogate_ > 0) refuse("Half a character is escaped.");
  const char character = escaped(byte);
  if (character == 0) refuse("There is no such escape.");
  put(character);
}

void UploadReader::put_unit(unsigned unit) {
  const bool is_high = unit >= 0xd800 && unit < 0xdc00, is_low = unit >= 0xdc00 && unit < 0xe000;
  if (is_low != (high_surrogate_ > 0)) refuse("Half a character is escaped.");
  if (is_high) high_surrogate_ = unit;
  else if (is_low)
    put_code_point(0x10000 + ((std::exchange(high_surrogate_, 0U) - 0xd800) << 10U) +
                   (unit - 0xdc00));
  else put_code_point(unit);
}

void UploadReader::put_code_point(unsigned code_point) {
  const auto tail = [&](unsigned shift) {
    put(static_cast<char>(0x80U | (code_point >> shift & 0x3fU)));
  };
  if (code_point < 0x80) {
    put(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    put(static_cast<char>(0xc0U | code_point >> 6U));
    tail(0);
  } else if (code_point < 0x10000) {
    put(static_cast<char>(0xe0U | code_point >> 12U));
    tail(6);
    tail(0);
  } else {
    put(static_cast<char>(0xf0U | code_point >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

void UploadReader::put(char byte) {
  if (state_ == State::in_key) {
    if (key_.size() == key_bytes_max) refuse("There is no such field.");
    key_ += byte;
  } else if (field_ == Field::filename) {
    if (name_.size() == name_bytes_max) refuse("The name is too long.");
    name_ += byte;
  } else {
    put_base64(byte);
  }
}

void UploadReader::put_base64(char byte) {
  if (is_json_blank(byte)) return;
  if (byte == '=') {
    // One or two, where the last group has three or two letters.
    ++symbols_;
    ++padding_;
    if (bit_count_ == 0 || padding_ > 2) refuse("Is no base64: the padding is wrong.");
    return;
  }
  const auto symbol = symbol_of(byte);
  if (symbol == no_symbol) refuse("Is no base64.");
  if (padding_ > 0) refuse("Is no base64: the padding is not at the end.");
  ++symbols_;
  bits_ = bits_ << 6U | symbol;
  bit_count_ += 6;
  if (bit_count_ >= 8) {
    bit_count_ -= 8;
    decoded_ += static_cast<char>(bits_ >> bit_count_ & 0xffU);
    bits_ &= (1U << bit_count_) - 1;
    if (decoded_.size() >= decoded_bytes_max) flush();
  }
}

void UploadReader::end_text() {
  if (state_ == State::in_value) {
    if (field_ == Field::content) end_content();
    field_ = Field::none;
    state_ = State::comma_or_end;
    return;
  }
  if (key_ == "filename") field_ = Field::filename;
  else if (key_ == "content") field_ = Field::content;
  else refuse("There is no such field; a file has filename and content.");
  bool& is_known = field_ == Field::filename ? has_name_ : has_content_;
  if (is_known) refuse("Comes twice.");
  is_known = true;
  name_ = field_ == Field::filename ? std::string() : std::move(name_);
  bits_ = bit_count_ = padding_ = 0;
  symbols_ = 0;
  state_ = State::colon;
}

void UploadReader::end_content() {
  if (symbols_ % 4 != 0) refuse("Is no base64: the padding is wrong.");
  if (bits_ != 0) refuse("Is no base64: bits behind the end are set.");
  flush();
}

void UploadReader::end_object() {
  if (!has_name_) throw Malformed(files_ - 1, "filename", "Is missing.");
  if (!has_content_) throw Malformed(files_ - 1, "content", "Is missing.");
  state_ = State::file_comma_or_end;
  handler_.end_file(name_);
}

void UploadReader::flush() {
  if (decoded_.empty()) return;
  handler_.content(decoded_);
  decoded_.clear();
}

void UploadReader::finish() {
  if (state_ != State::end) refuse("The body ends too early.");
  if (files_ == 0) throw Malformed(std::nullopt, "file", "There is no file.");
}

}  // namespace devy::intake
