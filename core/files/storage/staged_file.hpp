#pragma once
// A file that is being received. It is written in order; digest and media type run along. It is
// deleted with this object unless it was linked to its place, or is one that goes on in a later
// request (Disk::reopen). Locked as long as it is open, so that what a killed process left behind
// is known by its missing lock.
//
// Move-only; one thread at a time. Throws what Disk throws.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/media/media_type.hpp"

namespace devy::storage {

// Runs along with the bytes of a file, and may be kept while nobody writes.
struct Running {
  std::unique_ptr<base::Sha256Stream> digest = std::make_unique<base::Sha256Stream>();
  media::TypeReader type = {};
  std::uint64_t size = 0;  // bytes that it has seen
};

class StagedFile {
 public:
  // Made by Disk::stage(), and with `is_kept` by Disk::reopen(). Borrows the folder's descriptor.
  StagedFile(int folder, std::string name, base::Descriptor file, bool is_kept = false);
  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();

  void write(std::string_view bytes);
  // Everything is on the disk. Called once, after the last write.
  void finish();

  // ---- of one that goes on

  // Cuts it to `size`, its first bytes that are to stay, and goes on behind them. `running`: what
  // ran along until there; without it, or at another size, the bytes are read again. False when so
  // many bytes are not there: then it is empty.
  [[nodiscard]] bool resume(std::uint64_t size, std::optional<Running> running);
  // Puts on the disk what was written. A failure is "storage_failed", whatever its cause: what the
  // kernel could not write it forgets.
  void checkpoint();
  // Hands over what runs along, for the next who resumes it; nothing can be written afterwards.
  [[nodiscard]] Running release();
  // Deletes it with this object after all.
  void give_up() { is_kept_ = false; }

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const base::Sha256& sha256() const { return sha256_; }  // once finished
  [[nodiscard]] std::string_view media_type() const { return running_.type.media_type(); }
  [[nodiscard]] bool is_linked() const { return is_linked_; }

 private:
  friend class Disk;
  void sync();

  int folder_;
  std::string name_;  // empty: moved from
  base::Descriptor file_;
  std::uint64_t size_ = 0, synced_ = 0;
  Running running_;
  base::Sha256 sha256_{};
  bool is_linked_ = false, is_kept_ = false;
};

}  // namespace devy::storage
