#include "core/platform/snapshot/file_error.hpp"

namespace devy::snapshot {

std::string to_string(const FileError& error) {
  std::string text = error.path;
  if (error.line != 0) text += ":" + std::to_string(error.line);
  if (error.line != 0 && error.column != 0) text += ":" + std::to_string(error.column);
  return text + ": " + error.message;
}

}  // namespace devy::snapshot
