#pragma once
// A file that is being received. It is written in order; digest and media type run along. It is
// deleted with this object unless it was linked to its place. Locked as long as it is open, so
// that what a killed process left behind is known by its missing lock.
//
// Move-only; one thread at a time. Throws what Disk throws.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/media/media_type.hpp"

namespace devy::storage {

class StagedFile {
 public:
  // Made by Disk::stage(). Borrows the folder's descriptor.
  StagedFile(int folder, std::string name, base::Descriptor file);
  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();

  void write(std::string_view bytes);
  // Everything is on the disk. Called once, after the last write.
  void finish();

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const base::Sha256& sha256() const { return sha256_; }  // once finished
  [[nodiscard]] std::string_view media_type() const { return type_.media_type(); }
  [[nodiscard]] bool is_linked() const { return is_linked_; }

 private:
  friend class Disk;
  void sync();

  int folder_;
  std::string name_;  // empty: moved from
  base::Descriptor file_;
  std::uint64_t size_ = 0, synced_ = 0;
  std::unique_ptr<base::Sha256Stream> digest_;
  media::TypeReader type_;
  base::Sha256 sha256_{};
  bool is_linked_ = false;
};

}  // namespace devy::storage
