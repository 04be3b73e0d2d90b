#pragma once
// Answers of S3: XML, and what its errors mean. Pure; any thread.

#include <functional>
#include <string>
#include <string_view>

namespace devy::s3 {

// Is called at the end of each element with its path ("ListPartsResult/Part/ETag", without
// namespaces) and its text.
using OnElement = std::function<void(std::string_view path, const std::string& text)>;
// False for what is no XML, is deeper than any answer, or has declarations of its own.
[[nodiscard]] bool read_answer(std::string_view xml, const OnElement& on_element);

// An error, as an answer has it.
struct Fault {
  std::string code;  // "NoSuchKey"; empty: none was said
  std::string message;
};
[[nodiscard]] Fault fault_in(std::string_view xml);

enum class Weather {
  good,
  passing,  // worth another try
  expired,  // the credentials are to be read again
  absent,   // the object, or the upload, is not there
  refused,  // nothing works before a person has changed something
  strange,  // a request that S3 does not understand, or an answer that we do not
};
[[nodiscard]] Weather weather_of(int status, std::string_view code);
// Text as it stands in an element.
[[nodiscard]] std::string xml_escaped(std::string_view text);

}  // namespace devy::s3
