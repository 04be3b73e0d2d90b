#pragma once
// A folder of pages on disk that is written safely: links in it are not followed, nothing outside
// is touched, and existing content is removed only when an earlier run made it. One thread. Throws
// Error(denied) where permission is missing, Error(conflict) where something is in the way,
// Error(internal) where the disk fails.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/base/descriptor.hpp"

namespace devy::cli {

// The current content of the folder into which the pages shall be written.
struct FolderContents {
  bool is_own = false;                // holds the mark of an earlier run
  std::size_t files = 0;              // number of files and folders at its top
  std::vector<std::string> examples;  // the names of some
};
// For a folder that does not exist the result is empty.
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
  // Creates the folder when it is missing. A folder of ours or an empty one is marked, and one of
  // ours loses the pages of the run before; in any other, pages are only added and replaced.
  PageFolder(const std::string& folder, const FolderContents& found);

  // `path` is relative and has no empty, "." or ".." part; missing folders on the way are created.
  void write(std::string_view path, std::string_view text) const;
  [[nodiscard]] PageFile create(std::string_view path) const;

 private:
  std::string folder_;
  base::Descriptor descriptor_;
};

}  // namespace devy::cli
