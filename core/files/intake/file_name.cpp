#include "core/files/intake/file_name.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/percent.hpp"

namespace devy::intake {
namespace {

[[noreturn]] void refuse_name(const char* cause) {
  throw base::Error(base::ErrorKind::rejected,
                    std::string("unable to use the file's name: ") + cause, "Give it another name.",
                    "name_refused");
}

struct FreeText {
  void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

bool is_refused(utf8proc_int32_t code_point) {
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_CC:  // control characters
    case UTF8PROC_CATEGORY_CN:  // unassigned
    case UTF8PROC_CATEGORY_ZL:  // line and paragraph separators
    case UTF8PROC_CATEGORY_ZP: return true;
    default: break;
  }
  // Marks, embeddings, overrides and isolates of the direction of writing.
  return code_point == 0x061c || code_point == 0x200e || code_point == 0x200f ||
         (code_point >= 0x202a && code_point <= 0x202e) ||
         (code_point >= 0x2066 && code_point <= 0x2069);
}

}  // namespace

std::string file_name(std::string_view given) {
  if (given.empty()) refuse_name("it is empty");
  if (given.size() > 4 * file_name_bytes_max) refuse_name("it is longer than 255 bytes");
  utf8proc_uint8_t* composed = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(given.data()),
                   static_cast<utf8proc_ssize_t>(given.size()), &composed,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, FreeText> owner(composed);
  if (length < 0) refuse_name("it is not UTF-8");
  std::string name(reinterpret_cast<const char*>(composed), static_cast<std::size_t>(length));
  if (name.size() > file_name_bytes_max) refuse_name("it is longer than 255 bytes");
  if (name.find_first_of("/\\") != std::string::npos) refuse_name("it has a slash");
  bool is_something = false;
  for (std::size_t at = 0; at < name.size();) {
    utf8proc_int32_t code_point = 0;
    at += static_cast<std::size_t>(
        utf8proc_iterate(composed + at, length - static_cast<utf8proc_ssize_t>(at), &code_point));
    if (is_refused(code_point)) refuse_name("it has a character that is not shown");
    const bool is_blank = utf8proc_category(code_point) == UTF8PROC_CATEGORY_ZS;
    is_something = is_something || !(is_blank || code_point == '.');
  }
  if (!is_something) refuse_name("it has only blanks and dots");
  return name;
}

std::string content_disposition(std::string_view kind, std::string_view name) {
  std::string plain, encoded;
  for (const char byte : name) {
    const bool is_plain = byte >= ' ' && byte < 0x7f && byte != '"' && byte != '\\' && byte != '%';
    plain += is_plain ? byte : '_';
    if (base::is_word_of({&byte, 1}, "-._~")) encoded += byte;
    else base::append_percent_encoded(encoded, byte);
  }
  return std::string(kind) + "; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
}

}  // namespace devy::intake
