#pragma once
// Keeps rendered documents between rendering and the publish transaction in an unnamed file, so
// that memory use does not grow with the size of the blog. Owned by one attempt; one thread;
// move-only.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/publishing/post/document.hpp"

namespace devy::plan {

class Spool {
 public:
  // The file is in `directory`; if that is empty, in /dev/shm, else $TMPDIR, else /tmp. Throws
  // Error(internal, "disk_full").
  explicit Spool(const std::string& directory);
  Spool(Spool&& other) noexcept;
  Spool& operator=(Spool&&) = delete;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool();

  // Returns the document's index.
  std::size_t append(const post::Document& document);
  [[nodiscard]] post::Document read(std::size_t index) const;
  [[nodiscard]] std::size_t size() const { return records_.size(); }

 private:
  struct Record {
    std::uint64_t offset = 0, frame_bytes = 0, markdown_bytes = 0;
  };
  void write_all(const std::string& bytes);
  int file_ = -1;
  std::uint64_t end_ = 0;
  std::vector<Record> records_;
  std::string frame_;
};

}  // namespace devy::plan
