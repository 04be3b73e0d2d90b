#include "core/files/storage/staged_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/files/storage/call.hpp"
#include "core/platform/base/fault_point.hpp"

namespace devy::storage {
namespace {

// So much is written to the disk at a time, so that the end of a large file waits for no more.
constexpr std::uint64_t sync_every_bytes = std::uint64_t{32} * 1024 * 1024;

}  // namespace

StagedFile::StagedFile(int folder, std::string name, base::Descriptor file)
    : folder_(folder),
      name_(std::move(name)),
      file_(std::move(file)),
      digest_(std::make_unique<base::Sha256Stream>()) {}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : folder_(other.folder_),
      name_(std::exchange(other.name_, {})),
      file_(std::move(other.file_)),
      size_(other.size_),
      synced_(other.synced_),
      digest_(std::move(other.digest_)),
      type_(std::move(other.type_)),
      sha256_(other.sha256_),
      is_linked_(other.is_linked_) {}

StagedFile::~StagedFile() {
  if (!name_.empty() && !is_linked_) ::unlinkat(folder_, name_.c_str(), 0);
}

void StagedFile::write(std::string_view bytes) {
  digest_->add(bytes);
  type_.add(bytes);
  while (!bytes.empty()) {
    const auto count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_failed("write a file that is being received");
    bytes.remove_prefix(static_cast<std::size_t>(count));
    size_ += static_cast<std::uint64_t>(count);
  }
  if (size_ - synced_ >= sync_every_bytes) sync();
}

// The kernel forgets what it could not write, so that a second try would succeed and
// say nothing: the upload ends.
void StagedFile::sync() {
  base::fault_point("file_sync");
  if (::fdatasync(file_.get()) != 0) throw_failed("write a file that is being received");
  synced_ = size_;
}

void StagedFile::finish() {
  sync();
  sha256_ = digest_->finish();
  base::fault_point("file_digested");
}

}  // namespace devy::storage
