#pragma once
// The disk as all uploads and downloads of this process share it: opened once it is asked for, and
// with the limits that hold for all together: uploads of one owner at the same time, and the space
// that was promised to those under way.
//
// Any thread.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/files/receive/direct_store.hpp"
#include "core/files/storage/disk.hpp"
#include "core/files/store/file.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::receive {

class Depot;

// An upload under way, which has a place among its owner's and space on the disk until this object
// goes. Move-only.
class Place {
 public:
  Place(Depot& depot, std::string owner, std::uint64_t bytes)
      : depot_(&depot), owner_(std::move(owner)), bytes_(bytes) {}
  Place(Place&& other) noexcept
      : depot_(std::exchange(other.depot_, nullptr)),
        owner_(std::move(other.owner_)),
        bytes_(other.bytes_) {}
  Place& operator=(Place&&) = delete;
  ~Place();

 private:
  Depot* depot_;
  std::string owner_;
  std::uint64_t bytes_;
};

class Depot {
 public:
  // Borrows the settings.
  explicit Depot(const config::Files& settings) : direct_(settings), settings_(settings) {}

  // The node's disk. Throws Error(config, "storage_foreign") as long as it is not the one that the
  // database knows, and what Disk throws.
  [[nodiscard]] storage::Disk& disk(pg::Connection& connection);

  // Throws Error(busy, "streams_max") when the owner has enough under way, and Error(unavailable,
  // "storage_full") where so many bytes more would leave too little space.
  [[nodiscard]] Place admit(storage::Disk& disk, const files::OwnerId& owner, std::uint64_t bytes);

  // Has what was received a moment ago brought to where it stays, where that is S3. Says of each
  // file whether it is there already. Call it after the commit, with no session held.
  void settle(std::vector<files::File>& files, const storage::Disk& disk,
              const WithConnection& with_connection);
  void settle(const std::vector<base::Sha256>& contents, const storage::Disk& disk,
              const WithConnection& with_connection);

  // Throws "storage_full" as admit() does.
  void check_room(const storage::Disk& disk, std::uint64_t bytes);

 private:
  friend class Place;
  void leave(const std::string& owner, std::uint64_t bytes);

  DirectStore direct_;
  const config::Files& settings_;
  std::mutex mutex_;  // guards the members below
  std::unique_ptr<storage::Disk> disk_;
  std::unordered_map<std::string, std::uint32_t> uploads_;  // under way, by owner
  std::uint64_t promised_ = 0;                              // bytes
};

// Opens the disk of a node as the database knows it. Throws what Depot::disk() throws.
[[nodiscard]] std::unique_ptr<storage::Disk> open_disk(pg::Connection& connection,
                                                       const config::Files& settings);

}  // namespace devy::receive
