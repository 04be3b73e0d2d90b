#pragma once
// Reads a form with files (multipart/form-data, RFC 7578) as it comes, in pieces of any size
// (files.md, section 5). Memory holds the headers of one part, whatever the size of the request.
//
// Pure; one thread. Strict: nothing may stand before the first boundary or behind the last one,
// each part is form-data with a name, and a header that says otherwise is refused, by throwing
// Malformed. Names of files are read as browsers and curl write them: `"`, CR and LF as %22, %0D
// and %0A, or behind a backslash.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/files/intake/malformed.hpp"

namespace devy::intake {

struct FormPart {
  std::string name;                          // of the form's field
  std::optional<std::string> filename = {};  // as it was given; nothing: a field, and no file
  std::string type = {};                     // the declared media type; empty: none
};

// Takes what is read. What it throws ends the reading.
class FormHandler {
 public:
  virtual ~FormHandler() = default;
  virtual void begin_part(const FormPart& part) = 0;
  virtual void part_bytes(std::string_view bytes) = 0;
  virtual void end_part() = 0;
};

class MultipartReader {
 public:
  static constexpr std::size_t boundary_bytes_max = 70;      // RFC 2046, section 5.1.1
  static constexpr std::size_t head_bytes_max = 8UL * 1024;  // the headers of a part
  static constexpr std::size_t parts_max = 200;

  // Borrows the handler. `boundary` comes from boundary_of().
  MultipartReader(FormHandler& handler, std::string_view boundary);

  void add(std::string_view bytes);
  // The body has ended.
  void finish();

 private:
  enum class State { first_boundary, data, behind_boundary, head, behind_end, end };

  [[nodiscard]] std::size_t read_data(std::string_view bytes);
  void step(char byte);
  void step_boundary(char byte);
  void begin_part();
  [[noreturn]] void refuse(const char* message) const;

  FormHandler& handler_;
  const std::string delimiter_;  // "\r\n--boundary"
  State state_ = State::first_boundary;
  std::size_t matched_;  // bytes of the delimiter that have come
  std::string held_;     // the headers of a part, or two bytes behind a boundary
  std::size_t parts_ = 0;
};

// The boundary that a Content-Type names, if it is multipart/form-data and names one that may be.
[[nodiscard]] std::optional<std::string> boundary_of(std::string_view content_type);

// The part that the headers of one describe. Throws Malformed.
[[nodiscard]] FormPart read_part_head(std::string_view head);

}  // namespace devy::intake
