#include "core/files/storage/staged_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/files/storage/call.hpp"
#include "core/files/storage/disk.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"

namespace devy::storage {
namespace {

// So much is written to the disk at a time, so that the end of a large file waits for no more.
constexpr std::uint64_t sync_every_bytes = std::uint64_t{32} * 1024 * 1024;

}  // namespace

StagedFile::StagedFile(int folder, std::string name, base::Descriptor file, bool is_kept)
    : folder_(folder), name_(std::move(name)), file_(std::move(file)), is_kept_(is_kept) {}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : folder_(other.folder_),
      name_(std::exchange(other.name_, {})),
      file_(std::move(other.file_)),
      size_(other.size_),
      synced_(other.synced_),
      running_(std::move(other.running_)),
      sha256_(other.sha256_),
      is_linked_(other.is_linked_),
      is_kept_(other.is_kept_) {}

StagedFile::~StagedFile() {
  if (!name_.empty() && !is_linked_ && !is_kept_) ::unlinkat(folder_, name_.c_str(), 0);
}

void StagedFile::write(std::string_view bytes) {
  running_.digest->add(bytes);
  running_.type.add(bytes);
  running_.size += bytes.size();
  while (!bytes.empty()) {
    const auto count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_failed("write a file that is being received");
    bytes.remove_prefix(static_cast<std::size_t>(count));
    size_ += static_cast<std::uint64_t>(count);
  }
  if (size_ - synced_ < sync_every_bytes) return;
  if (is_kept_) checkpoint();
  else sync();
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
  sha256_ = running_.digest->finish();
  base::fault_point("file_digested");
}

bool StagedFile::resume(std::uint64_t size, std::optional<Running> running) {
  const auto found = size_of(file_);
  const auto keep = found < size ? 0 : size;
  if (found != keep && ::ftruncate(file_.get(), static_cast<off_t>(keep)) != 0)
    throw_failed("cut a file that is being received");
  if (running && running->size == keep) running_ = *std::move(running);
  else {
    running_ = Running();
    read_bytes(file_, [this](std::string_view bytes) {
      running_.digest->add(bytes);
      running_.type.add(bytes);
      running_.size += bytes.size();
    });
  }
  size_ = synced_ = keep;
  return keep == size;
}

void StagedFile::checkpoint() {
  if (size_ == synced_) return;
  try {
    sync();
  } catch (const base::Error& error) {
    throw base::Error(base::ErrorKind::internal, error.text(), error.hint(), "storage_failed");
  }
}

Running StagedFile::release() {
  file_ = base::Descriptor();
  return std::exchange(running_, {});
}

}  // namespace devy::storage
