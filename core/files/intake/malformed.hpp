#pragma once
// Why the body of an upload is refused, whatever its form. A value; any thread.

#include <cstddef>
#include <exception>
#include <optional>
#include <string>

namespace devy::intake {

// Why a request is refused: of which file and field, if of one, and what is wrong, in words without
// anything of the request.
class Malformed : public std::exception {
 public:
  Malformed(std::optional<std::size_t> file, std::string field, std::string message)
      : file_(file), field_(std::move(field)), message_(std::move(message)) {}
  [[nodiscard]] const std::optional<std::size_t>& file() const { return file_; }
  [[nodiscard]] const std::string& field() const { return field_; }
  [[nodiscard]] const std::string& message() const { return message_; }
  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::optional<std::size_t> file_;
  std::string field_, message_;
};

}  // namespace devy::intake
