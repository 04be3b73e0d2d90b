#pragma once
// A folder of pages on disk that is safe to write into: no link in it is followed, nothing outside
// is touched, and what was there before goes only when an earlier run made it. One thread. Throws
// Error(denied) where permission is missing, Error(conflict) where something is in the way,
// Error(internal) where the disk fails.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/descriptor.hpp"

namespace devy::cli {

// What stands where the pages shall go.
struct FolderContents {
  bool is_own = false;                // holds the mark of an earlier run
  std::size_t files = 0;              // files and folders at its top
  std::vector<std::string> examples;  // the names of some
};
// Of a folder that does not exist: nothing.
[[nodiscard]] FolderContents look_into(const std::string& folder);

// A file that is written piece by piece. Move-only.
class PageFile {
 public:
  PageFile(base::Descriptor file, std::string path)
      : file_(std::move(file)), path_(std::move(path)) {}
  void append(std::string_view bytes) const;

 private:
  base::Descriptor file_;
  std::string path_;
};

class PageFolder {
 public:
  // Makes the folder when it is missing. An own or empty one is marked, and an own one loses the
  // pages of the run before; in any other, pages are only added and replaced.
  PageFolder(const std::string& folder, const FolderContents& found);

  // `path` is relative and has no empty, "." or ".." part; the folders on the way are made.
  void write(std::string_view path, std::string_view text) const;
  [[nodiscard]] PageFile create(std::string_view path) const;

 private:
  std::string folder_;
  base::Descriptor descriptor_;
};

}  // namespace devy::cli
