#include "core/files/receive/depot.hpp"

#include "core/files/store/storage_store.hpp"
#include "core/files/store/upload_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"

namespace devy::receive {

using base::Error;
using base::ErrorKind;

std::unique_ptr<storage::Disk> open_disk(pg::Connection& connection,
                                         const config::Files& settings) {
  const auto known = files::find_storage(connection, settings.node);
  if (!known)
    throw Error(ErrorKind::config, "there is no storage of the node '" + settings.node + "'",
                "Make it with `devy-upload file init`.", "storage_foreign");
  return std::make_unique<storage::Disk>(settings.directory, known->instance);
}

storage::Disk& Depot::disk(pg::Connection& connection) {
  const std::lock_guard lock(mutex_);
  if (!disk_) {
    auto disk = open_disk(connection, settings_);
    const auto swept = disk->sweep_staging(
        [&](const auto& names) { return files::open_uploads(connection, names); });
    if (swept > 0) base::log::info("uploads deleted that were cut off", {{"files", swept}});
    disk_ = std::move(disk);
  }
  return *disk_;
}

void Depot::settle(const std::vector<base::Sha256>& contents, const storage::Disk& disk,
                   const WithConnection& with_connection) {
  if (settings_.storage == "s3") static_cast<void>(direct_.store(disk, contents, with_connection));
}

void Depot::settle(std::vector<files::File>& files, const storage::Disk& disk,
                   const WithConnection& with_connection) {
  if (settings_.storage != "s3") return;
  std::vector<base::Sha256> contents;
  for (const auto& file : files)
    if (file.sha256 && !file.is_stored) contents.push_back(*file.sha256);
  const auto stored = direct_.store(disk, contents, with_connection);
  for (auto& file : files)
    if (file.sha256 && stored.contains(*file.sha256)) {
      file.is_stored = true;
      file.content_state = "stored";
      file.content_node.clear();
    }
}

void Depot::check_room(const storage::Disk& disk, std::uint64_t bytes) {
  const auto free = disk.free_bytes();
  const std::lock_guard lock(mutex_);
  if (free < promised_ || free - promised_ < bytes ||
      free - promised_ - bytes < settings_.free_bytes_min)
    throw Error(ErrorKind::unavailable, "unable to take the upload: the disk is almost full",
                "Try again later, or with less.", "storage_full");
}

Place Depot::admit(storage::Disk& disk, const files::OwnerId& owner, std::uint64_t bytes) {
  check_room(disk, bytes);
  const std::lock_guard lock(mutex_);
  auto& count = uploads_[owner.text()];
  if (count >= settings_.owner_streams_max)
    throw Error(ErrorKind::busy, "unable to take the upload: too many of yours are under way",
                "Wait until one of them has ended.", "streams_max");
  ++count;
  promised_ += bytes;
  return {*this, owner.text(), bytes};
}

void Depot::leave(const std::string& owner, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  promised_ -= bytes;
  const auto found = uploads_.find(owner);
  if (--found->second == 0) uploads_.erase(found);
}

Place::~Place() {
  if (depot_ != nullptr) depot_->leave(owner_, bytes_);
}

}  // namespace devy::receive
