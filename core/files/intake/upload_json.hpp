#pragma once
// Reads `[{"filename": "…", "content": "<base64>"}, …]` as it comes, in pieces of any size
// (files.md, section 5): keys in any order, every escape of JSON, line ends and blanks within
// base64. Memory holds one file's name and a slice of decoded bytes, whatever the size of the
// request.
//
// Pure; one thread. Strict: an unknown or repeated key, another type, wrong padding, bits behind
// the end, anything behind the array are refused, by throwing Malformed.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/files/intake/malformed.hpp"

namespace devy::intake {

// Takes what is read. What it throws ends the reading.
class UploadHandler {
 public:
  virtual ~UploadHandler() = default;
  virtual void begin_file() = 0;
  virtual void content(std::string_view bytes) = 0;
  virtual void end_file(const std::string& name) = 0;
};

class UploadReader {
 public:
  static constexpr std::size_t name_bytes_max = 1024;  // a file's name is judged elsewhere

  // Borrows the handler.
  explicit UploadReader(UploadHandler& handler) : handler_(handler) {}

  void add(std::string_view json);
  // The document has ended.
  void finish();

 private:
  enum class State {
    begin,
    first_file_or_end,
    file,
    first_key_or_end,
    key,
    in_key,
    colon,
    value,
    in_value,
    comma_or_end,
    file_comma_or_end,
    end
  };
  enum class Field { none, filename, content };

  void step(char byte);
  void step_structure(char byte);
  void step_text(char byte);
  void step_escape(char byte);
  void put_unit(unsigned unit);
  void put_code_point(unsigned code_point);
  void put(char byte);
  void put_base64(char byte);
  [[nodiscard]] std::size_t read_content(std::string_view json);
  void end_text();
  void end_content();
  void end_object();
  void flush();
  [[noreturn]] void refuse(const char* message) const;

  UploadHandler& handler_;
  State state_ = State::begin;
  std::size_t files_ = 0;  // that have begun
  Field field_ = Field::none;
  bool has_name_ = false, has_content_ = false;
  std::string key_, name_;
  // ---- of the text that is being read
  bool is_escaped_ = false;
  int digits_left_ = 0;  // of \uXXXX
  unsigned unit_ = 0, high_surrogate_ = 0;
  // ---- of base64
  unsigned bits_ = 0, bit_count_ = 0, padding_ = 0;
  std::uint64_t symbols_ = 0;  // letters and padding
  std::string decoded_;
};

}  // namespace devy::intake
