#pragma once
// A problem with one file of a repository, and its place. A file error leaves the post's last good
// version in place; a warning changes nothing. Values; any thread.

#include <concepts>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace devy::snapshot {

struct FileError {
  std::string path;
  std::uint32_t line = 0;    // from 1; 0: the file as a whole
  std::uint32_t column = 0;  // from 1; 0: the line as a whole
  std::string message;       // lower case, no full stop
  bool operator==(const FileError&) const = default;
};

// Lists its fields for a message to another process (process/message.hpp).
template <class Message, class Error>
requires(std::same_as<std::remove_const_t<Error>, FileError>) void fields(Message& message,
                                                                          Error& error) {
  message(error.path, error.line, error.column, error.message);
}

// Returns "path:line:col: message", without the numbers that are zero.
[[nodiscard]] std::string to_string(const FileError& error);

}  // namespace devy::snapshot
